# compare: stderr
for c in '[[ a == b ; ]]' '[[ a == b c ]]' '[[ a == b | c ]]' '[[ ; ]]' '[[ | ]]' '[[ a < ]]' '[[ a =~ ]]' '[[ a == ( ]]' '[[ ( a ) ) ]]' '[[ ( a' '[[ ( a b ) ]]' '[[ a & b ]]' '[[ -f == x ]]' '[[ -z && x ]]' '[[ -n' '[[ a
b ]]' '[[ a
== b ]]' '[[ a ==
b ]]' '[[ a
&& b
]]' '[[ a &&
b ]] && echo yes' '[[
a ]] && echo y' '[[ -f
x ]]' '[[ ! -f ]]' '[[ a -eq ]]' '[[ a == b ] ]' '[[ a]]' '[[a ]]' '[[ a -foo b ]]' '[[ a ) ]]' '[[ ) ]]' '[[ () ]]' '[[ a && && b ]]' '[[ a || ) ]]' '[[ > ]]' '[[ a > > b ]]' 'false; [[ a b ]]' 'false
[[ a b ]]
echo hi'; do
  echo "== $c"
  printf '%s\n' "$c" > x.sh
  bash x.sh < /dev/null
  echo "st $?"
  bash -c "$c"
  echo "st $?"
done 2>&1
