for i in {1..3} {a..c} x; do printf '%s ' $i; done; echo; for ((i=10;i>0;i-=3)) { echo -n $i,; }; echo; for i; do echo "arg $i"; done; set -- p q; for i do echo "arg $i"; done; for i
in 1 2
do echo nl$i
done
