printf 'a 1\nb 2\nc 3\n' | grep -C1 -n b
echo "status $?"
