echo $((010+010)) $((0b1)) 2>/dev/null; echo $?; echo $((1e3)) ; echo $?
