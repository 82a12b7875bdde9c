coproc BC { while read -r a; do echo $((a)); done; }
echo '1+2' >&${BC[1]}; read -r x <&${BC[0]}; echo $x
echo '2**8' >&${BC[1]}; read -r x <&${BC[0]}; echo $x
[[ -n $BC_PID ]] && kill -0 $BC_PID && echo alive
exec {BC[1]}>&-; wait $BC_PID; echo $?
