printf 'a 1\nb 2\nc 3\n' | sed 's/\(.\) \(.\)/\2 \1/;ta;s/$/ no/;:a'
echo "status $?"
