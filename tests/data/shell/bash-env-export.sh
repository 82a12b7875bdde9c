export X=1; Y=2; bash -c 'echo "[$X][$Y]"'; Z=3 bash -c 'echo $Z'; echo "[$Z]"
export -n X; bash -c 'echo "[$X]"'; export Y; bash -c 'echo $Y'; unset Y; bash -c 'echo "[$Y]"'
f() { local -x L=5; bash -c 'echo $L'; }; f; bash -c 'echo "[$L]"'
declare -x D=4; bash -c 'echo $D'; export | grep -c 'declare -x D="4"'
set -a; auto=1; set +a; bash -c 'echo $auto'
