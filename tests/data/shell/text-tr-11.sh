echo abc | tr -t abc d
echo "status $?"
