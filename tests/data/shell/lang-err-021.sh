cat <<E
no end $((1+1))
