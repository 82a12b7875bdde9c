exec {a}>f1 {b}>f2; echo one >&$a; echo two >&${b}; exec {a}>&- {b}>&-; cat f1 f2; [ $a -ne $b ] && echo differ
