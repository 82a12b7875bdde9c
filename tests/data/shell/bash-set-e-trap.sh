set -e
trap 'echo "exit $?"' EXIT
trap 'echo err' ERR
f() { false; }
f
echo never
