set -- a b c; shift; echo $1 $#; shift 5; echo $? $#; shift 2; echo $#
set -- one "two three" four; for a; do echo "[$a]"; done
for a in "$@"; do echo -n "<$a>"; done; for a in $*; do echo -n "($a)"; done; echo
echo "$*" "${*}" "${@}" "$@x" "x$@"
set -- {1..12}; echo $10 ${10} ${12} ${13:-none} ${!#}
set --; echo $# "[$*]" "[$@]"
set -- -a -b; echo $1; set - x; echo $1
