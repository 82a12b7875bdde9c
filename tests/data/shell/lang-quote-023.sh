cat <<'EOF'
a $((1+2)) $(echo x) \$y \\ \` "q" 'r' \z
EOF
