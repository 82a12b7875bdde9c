printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{print -"3", !0, !"a", !"", 2^3^2, -2^2}'
echo "status $?"
