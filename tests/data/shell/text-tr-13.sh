echo z | tr z-a x; echo $?
echo "status $?"
