echo one > f; exec 3<>f; read l <&3; echo "got $l"; echo two >&3; exec 3>&-; cat f
