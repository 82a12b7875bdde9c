printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{print toupper(123), 1==1.0, "1"==1, "1.0"==1}'
echo "status $?"
