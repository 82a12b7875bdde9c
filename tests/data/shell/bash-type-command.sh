f() { :; }
alias ll='ls -l'
type -t f echo if ls nosuch ll [ [[ ; echo $?
command -v f echo if nosuch; echo $?
type f; type echo; type if
type nosuch; echo $?
command -V echo f if
builtin echo hi; command echo hi
