printf 'a\nb\tc\n'
echo "status $?"
