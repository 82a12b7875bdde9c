exec 3>f; echo hi >&3; exec 3>&-; cat f
