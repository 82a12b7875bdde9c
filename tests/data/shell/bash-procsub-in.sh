cat <(echo 1) <(echo 2)
while read x; do echo "got $x"; done < <(printf '%s\n' x y)
paste <(seq 3) <(seq 4 6)
echo <(:) | grep -c /dev/fd
wc -l < <(yes | head -100)
