printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{print 100000 * 100000, 2147483647, 0.1+0.2, 1e-5}'
echo "status $?"
