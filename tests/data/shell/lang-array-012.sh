a=(a "" c); echo ${#a[@]}; for x in "${a[@]}"; do echo "[$x]"; done; printf '(%s)' ${a[@]}; echo; printf '(%s)' "${a[@]}"; echo; echo "${a[@]/#/p}" "${a[@]/%/s}"
