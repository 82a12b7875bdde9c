printf '%b\n' 'a\tb'
echo "status $?"
