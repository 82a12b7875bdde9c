a=(3 1 2); IFS=$'\n' s=($(printf "%s\n" "${a[@]}" | sort)); echo ${s[@]}
