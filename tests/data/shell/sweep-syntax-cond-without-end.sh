# compare: stderr
[[ a == b
echo x
