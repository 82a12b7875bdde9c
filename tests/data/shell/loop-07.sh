n=0; while read -r l; do n=$((n+1)); done <<EOF
a
b
EOF
echo $n
