echo hello | tr el ip
echo "status $?"
