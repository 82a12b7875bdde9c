printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{s="abc"; sub(/b/,"\\&",s); print s; s="a.b.c"; gsub(".","x",s); print s; s="a.b"; gsub("\\.","-",s); print s}'
echo "status $?"
