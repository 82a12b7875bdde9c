# compare: stderr
echo "unclosed
echo x
