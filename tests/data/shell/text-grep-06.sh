printf 'a 1\nb 2\nc 3\n' | grep -x 'a 1'
echo "status $?"
