trap 'echo bye $?' EXIT
(trap 'echo sub exit' EXIT; echo in sub)
( echo no inherit )
f() { return 3; }
f
exit 5
