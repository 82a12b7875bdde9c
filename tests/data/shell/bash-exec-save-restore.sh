exec 3>&1 > f; echo in file; exec 1>&3 3>&-; echo back; cat f
exec 4<&0 <f; read x; exec 0<&4 4<&-; echo "$x"
