v=foo; echo "${v}bar" "$v"bar
