a=([5]=five [2]=two three); echo ${!a[@]} "${a[@]}"; a=("${a[@]}"); echo ${!a[@]}; b=("${a[@]:1}" extra); echo "${b[@]}"; c=("${b[@]/e/E}"); declare -p c
