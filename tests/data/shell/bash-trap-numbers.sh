trap 'echo bye' EXIT
trap 'echo int' INT
trap 'echo term' TERM
trap
trap 2 TERM
echo "--"; trap
trap 'echo int' INT
trap 0 2
echo "--"; trap
trap 'echo last' EXIT
trap NOSUCH 2> /dev/null; echo $?
trap 'echo x' NOSUCH 2> /dev/null; echo $?
trap -z INT 2> /dev/null; echo $?
