[[ 5 -gt 3 || 1 -gt 2 ]] && echo y
