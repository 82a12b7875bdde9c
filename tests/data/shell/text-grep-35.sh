printf 'a 1\nb 2\nc 3\n' | fgrep 'c 3'
echo "status $?"
