seq 10 | sort -rn | head -2
