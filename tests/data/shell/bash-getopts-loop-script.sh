cat > s.sh <<'S'
usage() { echo "usage: $0 [-v] [-o out] files" >&2; exit 2; }
v=0; out=-
while getopts vo:h opt; do case $opt in v) v=1;; o) out=$OPTARG;; h|?) usage;; esac; done
shift $((OPTIND-1))
echo "v=$v out=$out n=$#"; printf '<%s>' "$@"; echo
S
bash s.sh -v -o x a b; bash s.sh a -v; bash s.sh -vox; bash s.sh -x 2>/dev/null; echo $?; bash s.sh -o 2>/dev/null; echo $?; bash s.sh -- -v
