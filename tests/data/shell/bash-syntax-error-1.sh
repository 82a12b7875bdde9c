# compare: stderr
echo one
if true; then
echo two
fi fi
echo three
