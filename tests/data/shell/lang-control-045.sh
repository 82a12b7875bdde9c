set -v; echo hi; set +v; echo there
# compare: stderr
