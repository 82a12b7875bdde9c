cat < nofile; echo $?; echo x > /nodir/f; echo $?; echo a > .; echo $?; { echo b; } < nofile; echo $?; echo done
