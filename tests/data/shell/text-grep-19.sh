printf 'a 1\nb 2\nc 3\n' | grep -E '^(a|b) [12]$'
echo "status $?"
