declare -i x; x='1 +'; echo "st $?"
echo cont
