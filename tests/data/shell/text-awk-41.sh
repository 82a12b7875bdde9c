printf 'a 1\nb 2\nc 3\n' | awk 'function f(n){return n<2?1:n*f(n-1)} BEGIN{print f(10), f(12)}'
echo "status $?"
