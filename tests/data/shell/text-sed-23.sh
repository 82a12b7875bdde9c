printf 'a 1\nb 2\nc 3\n' | sed '0,/a/s//X/'
echo "status $?"
