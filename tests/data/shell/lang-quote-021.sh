x=( a b ); echo "${x[@]}" "${x[*]}" ; IFS=-; echo "${x[*]}" ${x[*]}
