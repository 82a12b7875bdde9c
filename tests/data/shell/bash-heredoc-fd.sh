cat 3<<A <&3
via three
A
exec 4<<B
line1
line2
B
read a <&4; read b <&4; echo "$b $a"; exec 4<&-
f() { cat; } <<C
fn body
C
f; f
