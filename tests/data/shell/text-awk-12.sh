printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{print "a" > "o1"; print "b" > "o1"; close("o1"); while((getline l < "o1")>0) print "r", l}'
echo "status $?"
