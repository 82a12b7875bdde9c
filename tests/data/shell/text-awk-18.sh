printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{CONVFMT="%.2g"; a=3.14159; b=a ""; print b; OFMT="%.3f"; print a, 17}'
echo "status $?"
