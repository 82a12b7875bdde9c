for i in 1 2 3; do echo $i; done > f; cat f
while read a; do echo "<$a>"; done < f > g; cat g
if true; then echo t; fi >> f; tail -1 f
{ read a; read b; echo $b $a; } < f
(echo sub; echo s2) > h; cat h
case x in x) echo c;; esac > k; cat k
until [ -s q ]; do echo w; done > q; cat q
f() { echo "$1"; } > fo; f one; cat fo
