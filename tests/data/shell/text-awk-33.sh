printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{print match("aaa","b"), RSTART, RLENGTH; match("xxabbbc",/ab+/); print RSTART, RLENGTH, substr("xxabbbc",RSTART,RLENGTH)}'
echo "status $?"
