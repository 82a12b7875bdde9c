set -x; echo hi 2>/dev/null
