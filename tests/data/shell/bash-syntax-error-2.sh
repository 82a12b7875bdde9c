# compare: stderr
echo start
for x in a b; do
  echo $x
