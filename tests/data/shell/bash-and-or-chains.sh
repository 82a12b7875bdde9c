true && echo a || echo b; false && echo a || echo b; false || false || echo c && echo d
true || echo x && echo y; ! true || echo z
{ false && true; } || echo grp; (true && false) ; echo $?
false; true && echo $?; false || echo $?
a=1 && b=2 || c=3; echo $a$b$c
