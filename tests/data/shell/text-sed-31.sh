printf 'a 1\nb 2\nc 3\n' | sed 's/b*/X/2'
echo "status $?"
