printf 'a 1\nb 2\nc 3\n' | awk 'function g(a){a["k"]=1} BEGIN{g(arr); print arr["k"]}'
echo "status $?"
