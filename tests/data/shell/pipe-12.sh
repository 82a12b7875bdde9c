x=$(printf "a\n\n"); echo "[$x]"
