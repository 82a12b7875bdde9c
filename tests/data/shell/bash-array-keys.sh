a=([3]=x [7]=y z)
echo ${!a[@]} "${a[@]}" ${#a[@]} ${a[-1]}
unset 'a[7]'; echo ${!a[*]}
a+=(w); echo ${!a[@]}
a[1]+=q; declare -p a
echo "${a[@]:1:2}" "${a[@]: -1}"
