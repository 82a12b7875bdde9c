[[ ! a == b ]] && echo neg
