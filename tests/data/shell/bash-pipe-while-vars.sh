n=0; printf '1\n2\n3\n' | while read x; do n=$((n+x)); done; echo $n
n=0; while read x; do n=$((n+x)); done < <(printf '1\n2\n3\n'); echo $n
printf 'a b\nc d\n' | { while read x y; do echo "$y $x"; done; echo end; }
