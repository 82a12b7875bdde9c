f() { local -n ref=$1; ref=changed; ref+=" more"; }
x=orig; f x; echo "$x"
declare -n r=y; r=5; echo $y ${!r}
unset r; echo "[$y]"
unset -n r; echo ${r-unset}
