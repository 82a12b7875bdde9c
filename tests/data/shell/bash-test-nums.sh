for p in '1 -eq 1' '1 -ne 2' '2 -gt 1' '1 -ge 1' '1 -lt 2' '1 -le 1' '-1 -lt 0' '010 -eq 10'; do set -- $p; [ $1 $2 $3 ] && echo "$p ok" || echo "$p no"; done
[[ 010 -eq 8 ]] && echo octal; [[ 0x10 -eq 16 ]] && echo hex; x=5; [[ x -eq 5 ]] && echo name; [ " 7 " -eq 7 ] && echo spaces
