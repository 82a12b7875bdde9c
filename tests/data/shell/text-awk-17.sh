printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{print 1,2,3; print(1)(2); print 1 2, 3}'
echo "status $?"
