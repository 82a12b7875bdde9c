set -u; x=1; echo ${x} ${y-ok} ${y:-ok}; (echo $y) 2>&1 | sed 's/.*: y/y/'; (echo ${#y}) 2>/dev/null; echo $?; a=(); echo "${a[@]}" ${#a[@]}; echo ${1-none}; (echo $1) 2>/dev/null; echo $?
