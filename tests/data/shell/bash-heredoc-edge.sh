cat <<''
blank ends

cat <<EOF
	indented
EOF 
EOF
cat << 'E'  ; echo same line
x
E
cat <<-A
		two
	A
cat 0<<B 3<<C
zero
B
three
C
