printf '%05d|%-5d|%+d\n' 42 42 42
echo "status $?"
