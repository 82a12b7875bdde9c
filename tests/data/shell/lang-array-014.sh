readonly -a ra=(1 2); (ra[0]=5) 2>/dev/null; echo $?; echo ${ra[@]}; (ra+=(3)) 2>/dev/null; echo $?; (unset ra) 2>/dev/null; echo $?; readonly r=1; r=2 2>/dev/null; echo "not reached? $r"
