printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{a[1,2]=3; for(k in a){split(k,p,SUBSEP); print p[1], p[2]}; if((1,2) in a) print "in"}'
echo "status $?"
