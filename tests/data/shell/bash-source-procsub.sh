. <(echo 'x=5; echo sourced $1') arg
echo $x
source /dev/stdin <<< 'y=7; f() { echo fy; }'
echo $y; f
echo 'return 3' > r.sh; . ./r.sh; echo $?
echo 'echo args: $# $1; set -- changed' > a.sh; set -- o p; . ./a.sh; echo $1; . ./a.sh q; echo $1
