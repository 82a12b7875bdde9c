# compare: stderr
set -x
a=1; echo $a "b c"
for i in 1 2; do echo $i; done
[[ $a == 1 ]] && echo yes
x=$(echo sub)
f() { echo fn $1; }; f arg
(( a++ ))
case $a in 2) echo two;; esac
echo > f
set +x; echo off
