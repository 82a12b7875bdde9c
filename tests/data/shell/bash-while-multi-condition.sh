i=0; while echo -n "c$i "; ((i<3)); do ((i++)); done; echo
until [ $i -eq 0 ]; do i=$((i-1)); echo -n $i; done; echo
while :; do break; done; echo $?
while true; do if [ $((++k)) -gt 5 ]; then break; fi; [ $k -eq 3 ] && continue; echo -n $k; done; echo
