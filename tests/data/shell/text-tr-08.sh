echo hello | tr -d l
echo "status $?"
