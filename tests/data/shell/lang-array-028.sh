a=(3 1 2); readarray -t s < <(printf '%s\n' "${a[@]}" | sort -n); echo "${s[@]}"; IFS=$'\n'; echo "${s[*]}"; unset IFS; total=$(IFS=+; echo "$((${a[*]}))"); echo $total
