printf 'a 1\nb 2\nc 3\n' | awk '{s+=$2; if($2>m) m=$2} END{print s, s/NR, m}'
echo "status $?"
