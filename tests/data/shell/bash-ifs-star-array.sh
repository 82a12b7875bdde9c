a=(1 2 3)
IFS=,
echo "${a[*]}"
echo ${a[*]}
x="${a[*]}"; echo "$x"
y=${a[*]}; echo "$y"
z="${a[@]}"; echo "$z"
IFS=
echo "${a[*]}"
