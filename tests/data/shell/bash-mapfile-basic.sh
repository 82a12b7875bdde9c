printf 'a\nb\nc\n' > f
mapfile -t L < f; echo ${#L[@]} ${L[1]}
mapfile L < f; printf '<%s>' "${L[@]}"; echo
mapfile -t -n 2 L < f; echo ${L[@]}
mapfile -t -s 1 L < f; echo ${L[@]}
mapfile -t -O 5 L < f; echo ${!L[@]}
mapfile -t -d : L <<< "x:y:z"; printf '<%s>' "${L[@]}"
readarray -t M < <(echo p; echo q); echo ${M[@]}
