shopt -s expand_aliases
alias e='echo '
alias w='world'
e w
alias ll='ls -d' g='grep'
ll /; echo abc | g b
'e' x 2>/dev/null; \e x 2>/dev/null; echo $?
unalias -a; e y 2>/dev/null; echo $?
alias n='echo a; echo'
n b
