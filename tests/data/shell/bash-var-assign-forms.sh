a=1 b=$a c="$b$a"; echo $a$b$c; a=x true; echo $a; a=y eval 'echo $a'; echo $a
x='a  b'; y=$x; echo "$y"; z=$x$y; echo "$z"
p=~; [ "$p" = "$HOME" ] && echo home; q=a:~; [ "$q" = "a:$HOME" ] && echo colon
e=; e+=abc; e+=def; echo $e; n=5; n+=3; echo $n; declare -i m=5; m+=3; echo $m
A=1 B=2 env | grep -E '^(A|B)=' | sort
