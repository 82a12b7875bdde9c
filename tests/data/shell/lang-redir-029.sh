printf '%s\n' a b c > f; { read x; read y; } < f; echo $x $y; { head -1; } < f; exec 0< f; read p; echo $p; cat
