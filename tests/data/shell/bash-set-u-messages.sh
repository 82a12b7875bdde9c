# compare: stderr
set -u
echo ${x:-ok} ${x-ok} ${x+set}
(echo $x); echo $?
(echo ${a[0]}); echo $?
(echo $1); echo $?
(echo ${#x}); echo $?
echo "$@" $*
a=(); echo "${a[@]}" ok
(echo $((y+1))); echo $?
(echo ${!z}); echo $?
(declare -A m; echo ${m[k]}); echo $?
