x="*"; touch f1 f2; echo $x "$x" '*' \*
x='f?'; echo $x; echo "$x"
