a=(x "y z" w); echo ${#a[@]} "${a[1]}" ${a[-1]}; printf "<%s>" "${a[@]}"; echo
