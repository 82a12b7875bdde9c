set -- one two three; echo ${@#t} ${@%e} ${@/o/0} ${@^} ${*^^} "${@/e/E}" ; echo ${@//e/}; for i in "${@#t}"; do echo "<$i>"; done
