printf '%c%c\n' hello world
echo "status $?"
