coproc UP { while read l; do echo "${l^^}"; done; }
for w in a b c; do echo $w >&"${UP[1]}"; read r <&"${UP[0]}"; echo $r; done
[[ -n $UP_PID ]] && echo pid
exec {UP[1]}>&-
wait; echo end
