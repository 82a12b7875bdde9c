printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{regex="^a"} $0 ~ regex'
echo "status $?"
