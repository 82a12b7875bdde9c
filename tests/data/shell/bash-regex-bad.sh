for r in '*a' '+' '?x' '{' '{1}' 'a|*b' '(*a)' '(+)' '^*a' '[*]a' 'a*' '[]*]' '\*' 'x{0,1}'; do
  [[ '*a{' =~ $r ]]; echo "$r $?"
done
[[ { =~ { ]]; echo $?
[[ x =~ * ]]; echo $?
[[ '*' =~ "*" ]]; echo $?
none= some=x
[[ !($none) ]]; echo $?
[[ !($some) ]]; echo $?
shopt -s extglob
[[ !($none) ]]; echo $?
[[ !($some) ]]; echo $?
