IFS=
x='a b c'
set -- $x
echo $# "$1"
set -- a b c
echo "$*" $*
IFS=-; echo "$*"
unset IFS; echo "$*"
