printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{printf "%.2e %g %g %g\n", 0, 1e6, 1e-5, 123456789}'
echo "status $?"
