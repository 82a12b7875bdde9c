declare -A m=([one]=1)
echo ${m[@]@K}; echo "${m[@]@k}"
a=(x "y z"); echo ${a[@]@K}; printf '<%s>' "${a[@]@k}"; echo
