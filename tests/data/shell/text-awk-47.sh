printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{RS=""} {print NR": "$1"-"$NF}'
echo "status $?"
