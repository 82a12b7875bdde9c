# compare: stderr
readonly x=1; (x=2); echo $?
readonly -a arr=(1 2); (arr[0]=5); echo $?
(unset x); echo $?
f() { local x=5; echo in $x; }; f; echo $?
readonly -p | grep -c 'x='
declare -r y=2; (declare y=3); echo $?
for x in 1 2; do echo loop; done; echo $?
x=3; echo never
