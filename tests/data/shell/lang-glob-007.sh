touch 'a*b' 'a?b' 'axb' '[x]' x; echo a\*b 'a*b' a*b; echo a\?b a?b; echo \[x] '[x]' [x]; f='a*b'; echo $f "$f"; ls "$f"; echo [*]; v='[x]'; echo $v "$v"; echo *\**; rm 'a*b'; echo a*b
