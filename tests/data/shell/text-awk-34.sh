printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{print 1==1?"y":"n"; print (1<2)?"a":"b"}'
echo "status $?"
