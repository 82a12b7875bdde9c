printf 'a 1\nb 2\nc 3\n' | grep -i B
echo "status $?"
