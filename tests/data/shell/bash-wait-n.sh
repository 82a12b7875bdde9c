(sleep 0.3; exit 3) & (sleep 0.1; exit 1) &
wait -n; echo $?
wait -n; echo $?
wait -n; echo $?
