echo -e "a\tb\n"; echo -n x; echo -E "a\tb"
