printf 'a 1\nb 2\nc 3\n' | awk '{ $2=""; print; print NF }'
echo "status $?"
