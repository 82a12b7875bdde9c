printf 'a 1\nb 2\nc 3\n' | grep -ob '[0-9]'
echo "status $?"
