exec {fd}>f; [ $fd -ge 10 ] && echo big; echo x >&$fd; exec {fd}>&-; cat f; exec {in}<f; read -u $in l; echo $l; exec {in}<&-
