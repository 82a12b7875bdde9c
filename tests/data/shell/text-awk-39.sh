printf 'a 1\nb 2\nc 3\n' | awk '{print $NF; print $(NF-1)}'
echo "status $?"
