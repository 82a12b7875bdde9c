x="*"; touch q; echo $x "$x"
