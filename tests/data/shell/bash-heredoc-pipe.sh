cat <<EOF | tr a-z A-Z | sed 's/^/> /'
hello
world
EOF
cat <<EOF && echo after
x
EOF
cat <<EOF > f.txt
file
EOF
cat f.txt
