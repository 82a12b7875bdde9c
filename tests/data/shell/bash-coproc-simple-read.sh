coproc { echo one; echo two; }
read a <&${COPROC[0]}; read b <&${COPROC[0]}; echo $b $a; wait; echo $?
coproc S (read x; echo "got:$x")
echo hey >&${S[1]}; read y <&${S[0]}; echo $y; wait; echo done
