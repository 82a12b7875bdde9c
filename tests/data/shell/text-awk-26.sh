printf 'a 1\nb 2\nc 3\n' | awk 'NR%2'
echo "status $?"
