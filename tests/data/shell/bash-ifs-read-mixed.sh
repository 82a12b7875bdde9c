echo '  a :b: c  ' | { IFS=: read -r x y z; printf '<%s>' "$x" "$y" "$z"; echo; }
echo 'a::b' | { IFS=: read x y z; printf '<%s>' "$x" "$y" "$z"; echo; }
echo 'a:b:c:' | { IFS=: read x y; printf '<%s>' "$x" "$y"; echo; }
echo 'a:b:' | { IFS=: read x y; printf '<%s>' "$x" "$y"; echo; }
printf 'a\tb c\n' | { IFS=$'\t' read x y; printf '<%s>' "$x" "$y"; echo; }
