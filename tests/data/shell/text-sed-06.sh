printf 'a 1\nb 2\nc 3\n' | sed -E 's/([a-z]) ([0-9])/\2-\1/'
echo "status $?"
