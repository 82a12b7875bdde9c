# compare: stderr
trap 'echo "ERR $? line $LINENO: $BASH_COMMAND"' ERR
false
true
ls nofile 2>/dev/null
f() { false; }
f
(exit 4)
false || true
if false; then :; fi
! true
x=$(false)
set -E
f
echo end
