x=1; (x=2; y=3; cd /; echo $x $PWD); echo $x ${y-unset}; [[ $PWD != / ]] && echo same
echo a | read z; echo ${z-unset}; shopt -s lastpipe; echo a | read z; echo $z
{ w=5; }; echo $w; v=$(u=7; echo $u); echo $v ${u-unset}
(set -f; exit 3); echo $? $-
f() { (return 4); echo $?; }; f
echo $BASH_SUBSHELL $(echo $BASH_SUBSHELL) $( (echo $BASH_SUBSHELL) ); (echo $BASH_SUBSHELL)
