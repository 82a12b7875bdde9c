declare -A h; h["a b"]=1; h['c]d']=2; k='x y'; h[$k]=3; h["$k"z]=4; for i in "a b" 'c]d' "$k" "x yz"; do echo "$i => ${h[$i]}"; done; echo ${#h[@]}
