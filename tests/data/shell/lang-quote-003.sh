a=1; echo "${a}b" $a"b" "$a"'b' ${a}$a
echo "$a$(echo "x y")$a" `echo "p   q"`
