x='a b'; echo hi > $x; echo $?
echo hi > ""; echo $?
n=; echo hi > $n; echo $?
f() { echo in; }; f < nosuch; echo $?
{ echo g; } < nosuch; echo $?
while read l; do :; done < nosuch; echo $?
: < nosuch; echo still
exec 3< nosuch; echo never
