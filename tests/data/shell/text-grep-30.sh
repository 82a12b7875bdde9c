printf 'a 1\nb 2\nc 3\n' | grep -z b | tr '\0' '|'
echo "status $?"
