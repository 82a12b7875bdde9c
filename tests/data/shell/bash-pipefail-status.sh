true | false | true; echo $? "${PIPESTATUS[@]}"
set -o pipefail
true | false | true; echo $?
(exit 3) | (exit 4) | true; echo $? 
(exit 3) | (exit 4) | true; echo ${PIPESTATUS[*]}
! false | true; echo $?
exit 7 | true; echo "${PIPESTATUS[0]} $?"
set +o pipefail; exit 2 | true; echo $?
