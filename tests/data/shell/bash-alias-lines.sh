shopt -s expand_aliases
alias three='echo a
echo b
echo c'
alias ended='echo d
'
alias semi='echo e && echo f | tr f g;
echo h'
rest='echo more'
three $rest
ended $rest
semi
echo after
alias say='echo ' one='ONE ' two='TWO ' stop='STOP'
say one two one stop one two
say two \
  one stop one
alias outer='inner ' inner=echo
outer one two stop
alias -- dash='echo dash'
dash
