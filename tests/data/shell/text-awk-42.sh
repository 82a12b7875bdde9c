printf 'a 1\nb 2\nc 3\n' | awk '{print $1 | "sort -r"}'
echo "status $?"
