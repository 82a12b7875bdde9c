mapfile -t l < <(printf "a\nb\nc\n"); echo ${#l[@]} ${l[1]}
