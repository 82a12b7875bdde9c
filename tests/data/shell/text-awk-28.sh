printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{FS=","} {print $1}'
echo "status $?"
