for i in 1 2 3; do for j in a b c; do [ $j = b ] && continue 2; [ $i = 3 ] && break 2; echo $i$j; done; done; echo end
for i in 1 2; do while :; do break; done; echo $i; done
for i in; do echo never; done; echo $?
for i in 1; do false; done; echo $?
break; echo $?; continue 2; echo $?
for i in 1 2; do break 0 2>/dev/null; echo "$?"; done
