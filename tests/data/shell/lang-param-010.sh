set -- a b c d e; echo ${@:2} ; echo ${@:2:2}; echo ${*:3}; echo "${@: -2}"; echo ${@: -2:1}; echo ${@:0:1} | sed 's,.*/,,'; echo ${#@} ${#*} $#; echo ${@:6}; echo ${@:5:3}
