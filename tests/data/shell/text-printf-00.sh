printf '%s-%s\n' a b c
echo "status $?"
