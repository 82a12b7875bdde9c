head -3 <(seq 1000000)
read a < <(yes y); echo $a
grep -m1 5 <(seq 100)
