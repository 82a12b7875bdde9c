a=(zero one two three); echo ${a[0]} ${a[-1]} ${a[@]:1:2} ${#a[@]} ${#a[1]} ${a[@]#t} ${a[@]/e/E} ${!a[@]} "${a[@]^}" ${a}
