t() { if [ $1 -lt 0 ]; then echo neg; elif [ $1 -eq 0 ]; then echo zero; elif ((  $1 > 100 )); then echo big; else echo pos; fi; }
t -5; t 0; t 500; t 7
if ! false; then echo notfalse; fi
if true && false || true; then echo chain; fi
if (exit 3); then :; else echo $?; fi
if :; then echo a; fi > f; cat f
