[[ -z "" && -n x ]] && echo y
