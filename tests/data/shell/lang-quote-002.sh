x='a b  c'; printf '[%s]\n' $x "$x" '$x' "'$x'" '"'$x'"'
