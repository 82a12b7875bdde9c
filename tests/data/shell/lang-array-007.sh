declare -A m; for w in a b a c b a; do ((m[$w]++)); done; for k in a b c; do echo $k ${m[$k]}; done; declare -A n=(k1 v1 k2 v2); echo ${n[k1]} ${n[k2]}
