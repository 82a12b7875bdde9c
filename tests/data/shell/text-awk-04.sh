printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{printf "%5.1f|%-8s|%08.3f|%+d|%e|%G\n", 3.14159,"hi",3.14159,5,12345.678,0.00001}'
echo "status $?"
