sleep 5 & sleep 6 &
jobs | sed 's/  */ /g'
jobs -p | wc -l
jobs -r | wc -l
kill %1; wait %1 2>/dev/null; echo $?
kill %2; wait 2>/dev/null; echo end
kill %5; echo $?
