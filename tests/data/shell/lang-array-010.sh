pop() { local -n arr=$1; unset "arr[-1]"; }; push() { local -n arr=$1; shift; arr+=("$@"); }; s=(); push s a b 'c d'; echo ${#s[@]}; pop s; echo ${s[@]}; unset 's[0]'; echo ${!s[@]}
