printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{s="hello world"; gsub(/o/,"[&]",s); print s; gsub("l+","L",s); print s; print gsub(/x*/,"-",s), s}'
echo "status $?"
