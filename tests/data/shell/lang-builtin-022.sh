exec 3<<< "line1
line2"; read -u3 a; read -u3 b; echo $a $b; read -u3 c; echo $?; exec 3<&-; read -u 9 x 2>/dev/null; echo $?; while IFS=$'\t' read -r a b; do echo "$b,$a"; done <<< $'1\t2\n3\t4'; while IFS=, read -r n _ c; do echo $n$c; done <<< $'a,b,c\nd,e,f,g'
