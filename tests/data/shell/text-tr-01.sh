echo 'a1 b2' | tr -dc '[:digit:]\n'
echo "status $?"
