add() { local -n arr=$1; shift; arr+=("$@"); echo ${#arr[@]}; }
list=(a); add list b "c d"; printf '<%s>' "${list[@]}"; echo
declare -A m; put() { local -n h=$1; h[$2]=$3; }; put m k v; echo ${m[k]}
declare -n e='list[1]'; e=changed; echo ${list[1]}
