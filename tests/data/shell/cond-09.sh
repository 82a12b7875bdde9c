test 3 -lt 10; echo $?
