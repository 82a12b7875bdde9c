printf 'a 1\nb 2\nc 3\n' | awk '{c[$1]++} END{for(k in c) print k, c[k]}'
echo "status $?"
