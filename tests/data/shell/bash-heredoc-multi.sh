cat <<A; cat <<B
first
A
second
B
cat <<A - <<B
x
A
y
B
