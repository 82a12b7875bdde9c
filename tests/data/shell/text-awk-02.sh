printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{print int("3abc"), "3"+"4", "a" "b" 1+2 "c", 1==1, 2<10, "2"<"10"}'
echo "status $?"
