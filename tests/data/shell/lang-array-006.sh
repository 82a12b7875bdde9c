declare -A m; m=([a]=1 [b]=2 [c]=3); for k in "${!m[@]}"; do echo "$k=${m[$k]}"; done | sort; echo ${#m[@]}; unset m[a]; echo ${!m[@]} | tr ' ' '\n' | sort | tr '\n' ' '; echo; m=(); echo ${#m[@]}
