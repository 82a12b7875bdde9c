printf 'a 1\nb 2\nc 3\n' | sed 'x;p;x'
echo "status $?"
