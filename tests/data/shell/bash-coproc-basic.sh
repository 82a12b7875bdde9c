coproc cat
echo hi >&${COPROC[1]}
read x <&${COPROC[0]}; echo "got $x"
eval "exec ${COPROC[1]}>&-"
wait $COPROC_PID; echo $?
