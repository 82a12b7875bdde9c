printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{print system("exit 3")}'
echo "status $?"
