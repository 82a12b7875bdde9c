printf 'a 1\nb 2\nc 3\n' | egrep 'a|b'
echo "status $?"
