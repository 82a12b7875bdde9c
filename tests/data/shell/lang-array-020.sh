a=($'x\ny' "p q"); declare -p a; echo "${a[@]@Q}"; printf '%q ' "${a[@]}"; echo; b="${a[@]@Q}"; eval "c=($b)"; declare -p c; [[ "${a[*]}" == "${c[*]}" ]] && echo same
