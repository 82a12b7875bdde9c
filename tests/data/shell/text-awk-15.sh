printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{getline; print "got " $0}'
echo "status $?"
