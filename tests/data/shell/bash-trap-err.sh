trap 'echo "err $? line $LINENO"' ERR
false
true
if false; then :; fi
false || true
! true
(exit 4)
f() { false; }
f
echo ok | false
set -E
f
x=$(false); echo end
