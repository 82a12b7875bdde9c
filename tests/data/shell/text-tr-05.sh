printf 'a b\tc\n' | tr -s '[:blank:]' '\n'
echo "status $?"
