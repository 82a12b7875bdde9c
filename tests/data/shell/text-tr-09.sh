echo aXbX | tr -ds X b; tr; echo $?
echo "status $?"
