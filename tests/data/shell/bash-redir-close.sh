# compare: stderr
echo x >&-; echo $?
exec 3>f; echo 1 >&3; echo 2 1>&3-; cat f; echo 3 >&3; echo $?
