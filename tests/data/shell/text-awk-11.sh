printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{a="10"; b=9; print (a>b), ("abc"<"abd"), (a"" > b"")}'
echo "status $?"
