n=0; trap 'n=$((n+1))' DEBUG; :; : ; for i in 1 2; do :; done; trap - DEBUG; echo $n
