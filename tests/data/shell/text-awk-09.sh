printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{print 010+0, "010"+0, 1e2, .5, 5.}'
echo "status $?"
