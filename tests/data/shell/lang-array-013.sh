a=(one two); echo "pre ${a[@]} post"; for x in "pre ${a[@]} post"; do echo "<$x>"; done; IFS=+; echo "${a[*]}"; x="${a[*]}"; echo "$x"; y=${a[@]}; echo "$y"; z="${a[@]}"; echo "$z"
