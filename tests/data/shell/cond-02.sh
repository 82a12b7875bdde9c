[[ abc =~ ^a(b)c$ ]] && echo ${BASH_REMATCH[1]}
