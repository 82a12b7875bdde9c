sleep 0; sleep 0.1 0.1; echo ok; sleep; echo $?; sleep x; echo $?; sleep 1x 2y; sleep 0.01s; sleep .1; echo done
# compare: stderr
