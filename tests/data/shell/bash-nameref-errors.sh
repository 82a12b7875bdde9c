# compare: stderr
declare -n s=s
echo $?
f() { local -n q=q; echo in; }
f
echo done
