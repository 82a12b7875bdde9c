printf 'a\0b\0c' | { mapfile -d '' -t z; echo ${#z[@]} ${z[2]}; }; printf 'x y\0z\0' | while IFS= read -r -d '' f; do echo "[$f]"; done
