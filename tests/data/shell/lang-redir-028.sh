n=0; while read l; do ((n++)); done < <(seq 10); echo $n; n=0; seq 10 | while read l; do ((n++)); done; echo $n; shopt -s lastpipe; seq 10 | while read l; do ((n++)); done; echo $n
