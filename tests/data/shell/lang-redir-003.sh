exec 3>f; echo a >&3; echo b >&3; exec 3>&-; cat f; exec 4<f; read -u 4 x; read y <&4; echo $x $y; exec 4<&-; (echo z >&4) 2>/dev/null; echo $?
