kill -l 9; (kill -9 $BASHPID); echo $?
