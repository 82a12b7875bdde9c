args=(-n "hello world"); echo "${args[@]}"; cmd=(printf '%s|' a 'b c'); "${cmd[@]}"; echo; opts=(); [[ 1 ]] && opts+=(-e); echo "${opts[@]}" 'x\ty'; "${cmd[0]}" '%d\n' 5
