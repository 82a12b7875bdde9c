printf 'a 1\nb 2\nc 3\n' | sed -n '/a/I,+1p'
echo "status $?"
