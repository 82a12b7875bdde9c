trap 'echo parent' USR1
(trap; kill -USR1 $BASHPID; echo unreached) 2>/dev/null
echo $?
trap '' USR1
(kill -USR1 $BASHPID; echo ignored survives)
