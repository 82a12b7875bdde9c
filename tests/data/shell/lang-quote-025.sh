x=5; cat <<A; cat <<B
one $x
A
two ${x}
B
