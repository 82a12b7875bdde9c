for in x; do :; done
echo $?
