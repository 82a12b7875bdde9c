# compare: stderr
cat < nosuch; echo $?
echo x > /nosuch/f; echo $?
echo x > .; echo $?
cat <&9; echo $?
echo x >&9; echo $?
> ; echo never
