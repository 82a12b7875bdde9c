set -E
trap 'echo E:$?' ERR
f() { false; true; }
f
g() { return 5; }
g
false || echo or
if false; then :; fi
while false; do :; done
x=$(false)
echo "$(false)"
(false)
! true
true | false
trap - ERR; false; echo end
