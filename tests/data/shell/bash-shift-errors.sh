# compare: stderr
set -- a
shift 3; echo $?
shift -1; echo $?
shift x; echo $?
shopt -s shift_verbose; shift 4; echo $?
