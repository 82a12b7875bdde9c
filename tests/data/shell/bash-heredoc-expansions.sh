v=val
cat <<EOF
${v} ${v:-x} ${u:-def "q"} ${v/a/b} ${#v}
$((1+2)) $(echo a; echo b)
"quoted" 'single' \"esc\"
$v\
joined
EOF
