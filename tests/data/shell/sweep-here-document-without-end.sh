# compare: stderr
bash -c 'cat <<E'
cat <<END
last $((1 + 1))
