f() { echo $LINENO; }
echo $LINENO
f

echo $LINENO; for i in 1; do
echo $LINENO
done
x=$LINENO; echo $x $(echo $LINENO)
