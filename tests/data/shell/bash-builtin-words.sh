# compare: stderr
history x; echo $?
history -5; echo $?
history -x; echo $?
history +5; echo $?
history 1 2; echo "not on this line"
echo $?
wait x; echo $?
wait %3; echo $?
wait 99999; echo $?
true & wait nope $!; echo $?
unalias; echo $?
unalias -x; echo $?
unalias nope; echo $?
alias -x; echo $?
alias -- t='echo t'; echo $?; alias t; unalias -- t; alias t; echo $?
for i in 1 2; do continue 1 2; echo no; done
echo "loop $?"
for i in 1 2; do for j in 1 2; do break 1 2; done; echo no; done
echo "loops $?"
set - +; echo "$@"
set + -; echo "$@"
