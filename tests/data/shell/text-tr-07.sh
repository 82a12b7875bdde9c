echo abc | tr -c 'a\n' .
echo "status $?"
