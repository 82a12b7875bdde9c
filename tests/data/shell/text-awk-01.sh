printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{print -5%3, 5.5%2}'
echo "status $?"
