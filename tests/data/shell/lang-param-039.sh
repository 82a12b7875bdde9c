a=(b c a); IFS=$'\n' sorted=($(sort <<<"${a[*]}")); unset IFS; echo "${sorted[@]}"; echo "${#sorted[@]}"
