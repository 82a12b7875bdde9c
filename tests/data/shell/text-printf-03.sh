printf '%.3f %e %g\n' 3.14159 1234.5 0.0001
echo "status $?"
