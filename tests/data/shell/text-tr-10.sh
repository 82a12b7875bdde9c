echo abc | tr abc d
echo "status $?"
