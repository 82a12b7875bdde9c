printf '=%.0s' {1..10}; echo; printf '%*s\n' 5 '' | tr ' ' '-'; s=; for i in {1..3}; do s+=ab; done; echo $s ${#s}; x=$(printf '%3s'); echo "${x// /z}"
