# compare: stderr
nosuchcmd
echo 'echo hi' > noexec; ./noexec
./nofile
mkdir dd; ./dd
/nosuch/cmd
exit abc
echo never
