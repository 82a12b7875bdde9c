echo -n; echo; echo ""; echo -e '\0101\x42'; echo -e 'a\bb' | od -c | head -1; echo 'a\nb'; echo -e "tab\tq\\\\"; echo "a" "b"  c; echo a\ \ b; echo -E -e 'x\ty'; echo -nnn q; echo; echo -en 'z\n'
