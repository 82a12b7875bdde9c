foo() { echo "${FUNCNAME[@]}" "${#FUNCNAME[@]}"; bar; }; bar() { echo ${FUNCNAME[0]} ${FUNCNAME[1]} ${BASH_LINENO[0]} ${BASH_SOURCE[0]##*/}; }; foo
