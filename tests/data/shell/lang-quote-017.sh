IFS=', '; x='a, b,c ,d,,e'; for i in $x; do echo "<$i>"; done
