f() { :; }
shopt -s expand_aliases; alias al='echo x'
type -p f; echo $?
type -ap f; echo $?
type -ap al; echo $?
type -p if; echo $?
type -p nosuch; echo $?
type -P f; echo $?
PATH= ; command -p cat < /dev/null; echo $?
