# compare: stderr
eval 'if'; echo $?
eval 'echo )'; echo $?
eval 'for'; echo $?
eval 'case x in'; echo $?
eval '}'; echo $?
eval 'do'; echo $?
eval ';;'; echo $?
eval '&& x'; echo $?
eval 'echo $(('; echo $?
eval 'echo ${x'; echo $?
