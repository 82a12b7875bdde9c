a=(x 'y z'); declare -A m=([k]=v)
cat <<E
${a[0]} ${a[@]} ${#a[@]} ${m[k]} ${a[*]/x/X}
$(for i in 1 2; do echo "i=$i"; done)
`echo bq`
\$a \\ \x $ $ x
${u:-"dq"} ${u:-'sq'}
E
