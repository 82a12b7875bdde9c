echo out; echo err >&2; { echo o; echo e >&2; } 2>/dev/null; { echo o; echo e >&2; } >/dev/null 2>&1; { echo o2; echo e2 >&2; } 2>&1 >/dev/null | sed 's/^/p:/'
