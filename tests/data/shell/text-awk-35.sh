printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{exit 3} END{print "e"}'
echo "status $?"
