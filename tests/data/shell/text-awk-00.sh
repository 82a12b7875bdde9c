printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{print 1/0}'
echo "status $?"
