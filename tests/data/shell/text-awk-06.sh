printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{x; print x == 0, x == ""}'
echo "status $?"
