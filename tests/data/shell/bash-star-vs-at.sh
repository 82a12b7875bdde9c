f() { echo $#; }
set -- "a b" c ""
f $*; f "$*"; f $@; f "$@"; f "x$*y"; f "x$@y"; f ${*:-d}; f ${1+"$@"}
IFS=; f $*; f $@; IFS=:; f $*; echo "$*"
