{ echo 1; { echo 2; echo 3 >&2; } 2>&1 | tr 2-3 b-c; echo 4; } > f; cat f; (exec > g; echo sub); cat g; echo main
