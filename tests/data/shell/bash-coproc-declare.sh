f() { coproc cat; }
declare -f f
type -t coproc
