printf 'a 1\nb 2\nc 3\n' | grep -o '[0-9]'
echo "status $?"
