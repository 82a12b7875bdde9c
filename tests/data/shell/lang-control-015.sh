until [ "$i" = 3 ]; do i=$((${i:-0}+1)); echo $i; done; while true; do [ $((i--)) -le 0 ] && break; done; echo $i; for f in *; do echo "f:$f"; done; n=5; while ((n-->0)); do printf %d $n; done; echo
