touch 'a b' 'c*d' ab cXd; echo a\ b; echo c\*d; echo c'*'d; echo "c*d"; x='c*'; echo $x; echo "$x"; y='a b'; for f in $y; do echo $f; done; for f in *; do echo "[$f]"; done; echo c[*]d; echo [ab]b
