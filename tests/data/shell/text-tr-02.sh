echo aabbcc | tr -s a-c
echo "status $?"
