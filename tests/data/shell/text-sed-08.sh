printf 'a 1\nb 2\nc 3\n' | sed '/b/s/2/X/'
echo "status $?"
