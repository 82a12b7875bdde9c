f() { echo f; }; function g { echo g; }; function h() { echo h; }
f; g; h
declare -F; declare -f f; unset -f f; f 2>/dev/null; echo $?
k() ( x=1; echo sub ); k; echo "[$x]"
m() { local x=inner; n; }; n() { echo "dyn $x"; }; x=outer; m; n
o() if true; then echo ifbody; fi; o
p() { echo $FUNCNAME ${FUNCNAME[@]} $#; }; q() { p a b; }; q
