for w in abc "a b" '*' 'x[1]' '' foo.txt bar -n; do
case $w in
  "") echo empty;;
  \*) echo star;;
  *.txt|*.md) echo doc;;
  a?c) echo abc;;
  "a b") echo space;;
  x\[1\]) echo brk;;
  -*) echo opt;;
  (b*) echo b;;
  *) echo other;;
esac; done
