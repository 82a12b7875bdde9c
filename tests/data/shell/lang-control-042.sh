PS4='+$LINENO: '; set -x; echo a
echo b; if true; then echo c; fi; while false; do :; done
{ set +x; } 2>/dev/null; echo off
# compare: stderr
