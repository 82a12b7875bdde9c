f() { echo out; echo err >&2; }
f |& sort
f 2>&1 >/dev/null | sed 's/^/E:/'
(f 3>&1 1>&2 2>&3 3>&-) 2>/dev/null
