echo ${x:-a} ${x:-a:b} ${x:-{}} ${x:-a b} "${x:-*}" ${x:-'*'} ; x=; echo ${x:+a}. ${x+a}.
