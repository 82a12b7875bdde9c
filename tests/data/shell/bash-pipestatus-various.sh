false; echo ${PIPESTATUS[@]}
true | true | (exit 9); a=("${PIPESTATUS[@]}"); echo ${a[@]}
x=$(false | true); echo ${PIPESTATUS[@]}
if false | true; then echo ${PIPESTATUS[@]}; fi
{ false | true; }; echo ${PIPESTATUS[@]}
! true | false; echo ${PIPESTATUS[@]} 
[[ a == b ]]; echo ${PIPESTATUS[@]}
