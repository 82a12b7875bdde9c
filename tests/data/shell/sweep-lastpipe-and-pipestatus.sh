# compare: stderr
shopt -s lastpipe; echo "a b" | read x y; echo $y; seq 3 | while read n; do last=$n; done; echo $last; printf '1\n2\n' | mapfile -t m; echo ${#m[@]}; true | false; echo "${PIPESTATUS[@]}"; echo x | { read v; false; }; echo "$v $? ${PIPESTATUS[*]}"; exit 3 | exit 4; echo ${PIPESTATUS[@]}
