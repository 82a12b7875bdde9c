hash; echo $?
ls > /dev/null; type ls
hash -r; type -t ls; type -P ls; type -p echo; echo $?
type -a echo | head -1
hash nosuch; echo $?
hash -t nosuch; echo $?
