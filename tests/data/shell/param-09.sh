set -- a "b c" d; echo $# $1 "$2" $3; printf "<%s>" "$@"; printf "<%s>" "$*"; printf "<%s>" $*; echo
