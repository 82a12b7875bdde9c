printf 'a 1\nb 2\nc 3\n' | sed -n '1~2p'
echo "status $?"
