printf '%%\n'
echo "status $?"
