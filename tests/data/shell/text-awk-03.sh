printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{print length("a" "b"); x["a"]=1; print length(x)}'
echo "status $?"
