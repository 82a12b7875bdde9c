depth() { local d=$1; if [ $d -gt 0 ]; then depth $((d-1)); fi; echo -n "$d "; }
depth 6; echo
ack() { local m=$1 n=$2; if ((m==0)); then r=$((n+1)); elif ((n==0)); then ack $((m-1)) 1; else ack $m $((n-1)); ack $((m-1)) $r; fi; }
ack 2 3; echo $r
