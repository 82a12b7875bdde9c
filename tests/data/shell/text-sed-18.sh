printf 'a 1\nb 2\nc 3\n' | sed 'N;s/\n/+/'
echo "status $?"
