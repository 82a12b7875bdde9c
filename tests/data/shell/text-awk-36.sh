printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{n=split("c a b d e f g h i j k l",q); for(i in q) printf "%s ", i; print ""}'
echo "status $?"
