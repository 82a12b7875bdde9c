declare -i n; n=3+4; echo $n
