set -e
while false; do :; done
until true; do :; done
for i in 1 2; do false || continue; done
case x in x) true;; esac
[[ a == b ]] || true
(( 0 )) || true
let x=0 || true
{ false; } || true
echo end
((0))
echo never
