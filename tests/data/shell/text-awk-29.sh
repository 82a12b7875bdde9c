printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{if (!("x" in a)) print "no"; a["x"]; if ("x" in a) print "yes"; delete a["x"]; print length(a)}'
echo "status $?"
