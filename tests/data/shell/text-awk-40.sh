printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{print substr("hello",0,2), substr("hello",-1,3), substr("hello",2), substr("hello",2,3)}'
echo "status $?"
