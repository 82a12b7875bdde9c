declare -A c
for w in a b a c b a; do ((c[$w]++)); done
for k in $(printf '%s\n' "${!c[@]}" | sort); do echo $k ${c[$k]}; done
let c[z]+=5; echo ${c[z]}
echo $((c[a]*10))
