exec {fd}> out; echo $((fd>=10)); echo hi >&$fd; exec {fd}>&-; cat out
exec {in}< out; read -u $in l; echo $l; exec {in}<&-
{ echo q; } {x}> o2; [[ -n $x ]] && echo set
