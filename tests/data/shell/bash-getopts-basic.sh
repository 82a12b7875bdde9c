f() { local OPTIND=1 o; while getopts 'ab:c' o "$@"; do echo "$o ${OPTARG-none} $OPTIND"; done; shift $((OPTIND-1)); echo "rest: $*"; }
f -a -b val -c x y
f -acbval z
f -- -a
f x -a
