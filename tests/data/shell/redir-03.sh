cat <<EOF
x $((1+1))
$HOME_NOT
EOF
