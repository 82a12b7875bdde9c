echo a | cat - <(echo b); echo x | cat /dev/stdin; echo e > /dev/stderr; echo o > /dev/stdout; cat /dev/null; echo "to fd" > /dev/fd/1; echo q | cat /dev/fd/0
