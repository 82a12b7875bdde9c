x='a\tb'; echo "${x@E}"
declare -i n=5; echo ${n@A} ${n@a}
declare -A m=([k]=v); echo "${m[@]@A}"; echo ${m@a}
declare -r ro=1; echo ${ro@A}
a=(1 2); echo ${a@A}; echo ${a[@]@A}; echo ${a@a}
declare -x ex=1; echo ${ex@a}
