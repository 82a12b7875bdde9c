# compare: stderr
[ 1 -eq x ]; echo $?
[ a b ]; echo $?
[ a = ]; echo $?
[ 1 2 3 4 5 ]; echo $?
[ -f a b ]; echo $?
[ x; echo $?
test a -foo b; echo $?
[[ 1 -eq x ]]; echo $?
[ ! ]; echo $?
