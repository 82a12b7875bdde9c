unset -f nope; f() { :; }; unset -f f; type f >/dev/null 2>&1; echo $?
