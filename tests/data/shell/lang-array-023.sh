a=(x y z); echo ${a[1]:0:1} ${#a} ${a[@]:1:1} ${a[2]^} ${a[*]^^}; i=2; echo ${a[$i]} ${a[i-1]} ${a[$((i-2))]} ${a[ 1 ]}; echo "${a[$i]}x"; s='a[1]'; echo ${!s}; unset a[@]; echo ${#a[@]}
