echo abcdef | tr a-f '[x*]'
echo "status $?"
