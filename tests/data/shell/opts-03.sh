set -u; echo ${x:-ok}; (echo $nope) 2>/dev/null; echo $?
