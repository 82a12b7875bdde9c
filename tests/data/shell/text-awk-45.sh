printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{print length(), index("foobar","bar"), tolower("ABC")}'
echo "status $?"
