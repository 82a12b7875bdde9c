while read -r n v; do printf '%-10s %5d\n' $n $v; done <<< $'cpu 5\nmemory 1024\ndisk 77'
printf '%s\t%s\n' a b c d | column -t -s $'\t'
