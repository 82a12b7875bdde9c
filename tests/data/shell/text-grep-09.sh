printf 'a 1\nb 2\nc 3\n' | grep -e a -e c
echo "status $?"
