[ a b ] ; echo $?; [ a = b c ]; echo $?; [ 1 -foo 2 ]; echo $?; [ -Q x ]; echo $?; [ x; echo $?; [ 1 -lt ]; echo $?; [ a -lt 1 ]; echo $?; test 1 -eq; echo $?
# compare: stderr
