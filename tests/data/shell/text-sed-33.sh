printf 'a 1\nb 2\nc 3\n' | sed '1{h;d};G'
echo "status $?"
