printf 'a 1\nb 2\nc 3\n' | grep -B1 c
echo "status $?"
