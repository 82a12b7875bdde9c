cat < nope 2>/dev/null; echo $?
