for n in 0 5 255 -1; do printf '%d: ' $n; for ((b=7;b>=0;b--)); do echo -n $(( (n>>b)&1 )); done; echo; done; echo $((2#1111)) $((~0)) $((1<<62)) $((-8>>1)) $((5&~1)) $((6^3))
