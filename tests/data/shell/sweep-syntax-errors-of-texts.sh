# compare: stderr
for c in 'echo (' 'if' 'fi' '(' ')' '{' '}' 'echo ${}' 'echo ${x!}' '[[ a' '[[ a ==' '[[ a b ]]' '[[ -f ]]' 'a=(1' 'a=(1;2)' 'f(' 'f() {' 'case' 'case x' 'case x in' 'case x in a' 'case x in a)' 'for' 'for x' 'for x in' 'for x in a' 'for 1x in a; do :; done' 'while' 'while :' 'while :; do' 'until' 'select' 'function' 'function f' 'echo $((1' '((1' 'for ((;)); do :; done' 'for ((;;;)); do :; done' 'for ((1' 'echo `' "echo '" 'echo "' 'echo $(' 'echo $(abc' 'echo ${' 'echo ${x' 'cat <<E' 'cat <<' 'cat <' '>' '>>' '&&' '||' '|' ';' '&' ';;' '! !' '!' '{ echo' '(echo a }' 'echo a)' 'echo }' 'echo a;;' 'a () b' 'echo a(b)' 'f("a b")' 'x=(' 'then' 'do' 'done' 'esac' 'elif' 'else' 'in' '[[ a &&' '[[ !' '[[ ! ]]' '[[ a ||' 'echo $[1' 'if true; then' 'if true; then x' 'if true; then x; else' 'if true; then x; elif' 'echo @(a' 'declare a=(1' 'echo <(a' 'echo >(a' '1>' '<<<' 'a&&' 'a||' 'a|' '{a' 'a{' '{}' '{ }' '( )' 'if then' 'while do' 'case x in esac' 'case x in ) esac' 'case x in (a) b' 'for x do' 'for x; do y; done; }' 'echo "$(' 'echo "${' 'echo "`' 'echo $"a' "echo \$'a"; do
  echo "== $c"
  bash -c "$c" < /dev/null
  echo "st $?"
  printf '%s\n' "$c" > x.sh
  bash x.sh < /dev/null
  echo "st $?"
  bash < x.sh
  echo "st $?"
done 2>&1
