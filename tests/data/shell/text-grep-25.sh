printf 'a 1\nb 2\nc 3\n' | grep -E 'a{1,2}'
echo "status $?"
