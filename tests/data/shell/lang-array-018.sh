rev() { local -a r=(); for x in "$@"; do r=("$x" "${r[@]}"); done; echo "${r[@]}"; }; rev 1 2 3; uniq_() { local -A s; for x; do [[ ${s[$x]} ]] || echo $x; s[$x]=1; done; }; uniq_ a b a c b
