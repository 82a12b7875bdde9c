printf 'a 1\nb 2\nc 3\n' | awk '$1 > 1'
echo "status $?"
