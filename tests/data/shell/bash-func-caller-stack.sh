a() { b; }; b() { echo ${FUNCNAME[*]}; echo ${BASH_LINENO[*]}; caller 0 | cut -d' ' -f1,2; }
a
echo ${FUNCNAME-none} ${#FUNCNAME[@]}
