printf 'a 1\nb 2\nc 3\n' | sed ':a;N;$!ba;s/\n/,/g'
echo "status $?"
