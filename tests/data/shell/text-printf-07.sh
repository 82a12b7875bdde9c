printf '%d\n' 0x1f 010 "'A"
echo "status $?"
