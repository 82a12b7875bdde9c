seq 1 10 | grep 1 | wc -l
