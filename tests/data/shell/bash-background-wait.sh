(exit 3) & wait $!; echo $?
sleep 0.1 & p=$!; wait $p; echo $?
{ sleep 0.1; echo bg; } & wait; echo fg
a=(); for i in 1 2 3; do (exit $i) & a+=($!); done; for p in ${a[@]}; do wait $p; echo -n "$? "; done; echo
wait 99999; echo $?
false & true & wait; echo $?
