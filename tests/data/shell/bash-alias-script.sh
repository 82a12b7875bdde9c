alias hi='echo hi'
hi 2>/dev/null; echo $?
shopt -s expand_aliases
alias hi='echo hello'
hi
hi there
alias; unalias hi; alias x 2>/dev/null; echo $?
