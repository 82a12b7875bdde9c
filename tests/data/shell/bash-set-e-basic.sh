set -e
false || echo ok1
if false; then :; fi
! true
false && true
echo still
f() { false; echo in f; }
f || echo f failed
f && echo cond
x=$(false) || echo sub
( false; echo nope ) || echo subsh
false
echo never
