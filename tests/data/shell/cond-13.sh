[ -n "" ]; echo $?; [ x ]; echo $?; [ ]; echo $?
