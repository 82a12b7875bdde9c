read -t 0.1 x < <(sleep 1; echo late); echo $(( $? > 128 ))
echo data | { read -t 1 y; echo $y $?; }
read -t 0 < /dev/null; echo $?
printf 'a b c' | { read -d '' x; echo "$? [$x]"; }
printf 'x y\n' | { read -r -a arr -d ' '; echo ${arr[0]}; }
printf 'abc\n' | { read -n1 a; read -n1 b; read c; echo $a-$b-$c; }
printf 'ab\ncd' | { read -N 4 x; printf '%q\n' "$x"; }
