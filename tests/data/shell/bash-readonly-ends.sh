cat > one <<'X'
set -o errexit
readonly c=1
c=2
echo "not reached"
X
cat > two <<'X'
readonly c=1
c=2; echo "not reached"
echo "reached $c"
X
cat > three <<'X'
set -o posix
readonly c=1
c=2
echo "not reached"
X
cat > four <<'X'
step() { set -e; false; echo "not reached"; }
! step
echo "not reached either"
X
cat > five <<'X'
set -e
step() { false; echo "reached"; }
! step
echo "and this"
! { false; }
! (false; echo "inside")
echo end
X
for f in one two three four five; do bash $f 2> /dev/null; echo "$f $?"; done
