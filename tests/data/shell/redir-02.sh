echo err >&2 2>/dev/null; { echo o; echo e >&2; } 2>&1 | sort
