printf 'a 1\nb 2\nc 3\n' | grep -P '\d$'
echo "status $?"
