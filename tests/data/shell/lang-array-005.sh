mapfile -t -c 2 -C 'echo cb' l < <(seq 5); echo ${#l[@]}
