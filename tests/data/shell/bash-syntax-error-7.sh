# compare: stderr
while true
echo x
done
