cat <<'EOF'
$x `y`
EOF
