cat <(exit 3); echo $?
cat < <(echo hi; exit 4); echo $?
true > >(cat); echo $?
set -e; cat <(false); echo ok
