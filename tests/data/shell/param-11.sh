set -- 1 2 3 4 5; echo ${@:2:3}; shift 2; echo $1 $#
