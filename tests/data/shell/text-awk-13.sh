printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{"echo a b" | getline; print $2; "echo c" | getline v; print v}'
echo "status $?"
