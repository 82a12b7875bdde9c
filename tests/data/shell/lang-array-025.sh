a=(*.none); echo "${a[@]}"; shopt -s nullglob; a=(*.none); echo ${#a[@]}; touch 1.txt 2.txt "a b.txt"; f=(*.txt); echo ${#f[@]}; printf '%s\n' "${f[@]%.txt}" "${f[@]##* }"
