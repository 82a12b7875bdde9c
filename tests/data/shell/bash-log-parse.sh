cat > l <<'E'
2019-10-21 10:00 ERROR disk full on /dev/sda1
2019-10-21 10:01 INFO ok
2019-10-21 10:02 ERROR timeout
2019-10-22 09:00 WARN slow
E
declare -A n; while read -r d t lvl msg; do ((n[$lvl]++)); [[ $lvl == ERROR ]] && echo "$t $msg"; done < l; for k in $(printf '%s\n' "${!n[@]}" | sort); do echo "$k=${n[$k]}"; done; grep -c ERROR l; awk '{c[$1]++} END {for (d in c) print d, c[d]}' l | sort; cut -d' ' -f3 l | sort | uniq -c | sort -rn | head -1 | tr -s ' '
