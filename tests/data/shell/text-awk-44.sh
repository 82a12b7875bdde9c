printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{printf "%s-%c%c|%x|%o|%5s|%-5s|%.2s\n", "a", 65, "hello", 255, 8, "r", "l", "trunc"}'
echo "status $?"
