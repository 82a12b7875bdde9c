# compare: stderr
echo ok
echo a | | b
