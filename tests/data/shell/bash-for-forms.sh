for x; do echo never; done
set -- p q; for x do echo $x; done; for x in "$@"; do echo $x; done
for ((i=0;i<3;i++)) { echo $i; }
for x in a b; { echo $x; }
for x in *.nope; do echo $x; done
for f in a\ b "c d" $'e\nf'; do echo "[$f]"; done
i=5; for i in 1 2; do :; done; echo $i
