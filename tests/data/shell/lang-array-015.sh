declare -a e; echo ${#e[@]} "${e[@]}"; [[ -v e ]] || echo unset; e[0]=; [[ -v e ]] && echo set; [[ -v e[0] ]] && echo set0; [ ${#e[@]} -gt 0 ] && echo nonempty; [[ -z ${e[0]} ]] && echo z
