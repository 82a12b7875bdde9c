unset x; echo ${x:-d} ${x-d} "${x:-a b}"
