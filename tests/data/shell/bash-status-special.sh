nosuchcmd 2>/dev/null; echo $?
touch noexec; ./noexec 2>/dev/null; echo $?
./nofile 2>/dev/null; echo $?
. ./nofile 2>/dev/null; echo $?
mkdir dd; ./dd 2>/dev/null; echo $?
(kill -TERM $BASHPID); echo $?
(kill -9 $BASHPID) 2>/dev/null; echo $?
bash -c 'exit 256'; echo $?; bash -c 'exit -1'; echo $?
(exit 300); echo $?
