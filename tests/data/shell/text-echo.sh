echo -e 'a\tb\x41\0101\n'; echo -n x; echo -E 'a\n'
echo "status $?"
