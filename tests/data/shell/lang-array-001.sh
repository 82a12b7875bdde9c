a=(a b c); echo ${#a[@]} "${a[@]}" "${a[*]}"; for x in "${a[@]}"; do echo $x; done; unset a; echo ${#a[@]}; a[3]=x; echo "${!a[@]}"
