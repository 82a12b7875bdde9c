(echo $((1/0))) 2>/dev/null; echo $?; echo before; (echo $((5%0)); echo not) ; echo $?; ((1/0)) ; echo $?; let 1/0; echo $?; echo after
