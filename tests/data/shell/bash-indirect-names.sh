# compare: stderr
bad='two words'; slash=/; open='a[0'; op='x:-y'; bang='!x'
for n in bad slash open op bang; do
  echo "${!n}"
  echo "not reached for $n"
done
show() { echo "${!1}"; echo "not reached"; }
show 'a b'; echo "nor this"
echo "status $?"
x=y y=z
echo "${!x}"
set -- p q; n=2; echo "${!n} ${!#}"
eval 'echo "${!#x}"'; echo $?
