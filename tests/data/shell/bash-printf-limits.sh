for n in 18446744073709551615 18446744073709551616 -18446744073709551615 -18446744073709551616 \
  9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809; do
  printf '%d %u %x\n' "$n" "$n" "$n" 2> /dev/null
done
printf '[%.0f][%#.0f][%#.2f]\n' 3 3 3
printf '[%12.7(%Y-%m-%d)T][%-12(%H:%M)T]\n' 0 0
printf -v 'x[' a 2> /dev/null; echo $?
printf -v '2x' a 2> /dev/null; echo $?
printf -v 2> /dev/null; echo $?
printf -v 'x[2]' a; declare -p x
