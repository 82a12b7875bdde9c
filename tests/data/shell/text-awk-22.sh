printf 'a 1\nb 2\nc 3\n' | awk 'NR==1{next} {print NR": "$0}'
echo "status $?"
