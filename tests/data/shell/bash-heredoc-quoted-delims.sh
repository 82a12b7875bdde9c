cat <<'A B'
$HOME `x` \
A B
cat <<"E"F
$x
EF
cat <<\E
$y
E
