IFS=", "
x="a, b,,c ,d"
for f in $x; do printf '(%s)' "$f"; done; echo
IFS=$'\n'
y=$'one two\nthree\n\nfour'
for f in $y; do printf '(%s)' "$f"; done; echo
