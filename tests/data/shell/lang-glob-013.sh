a='{1,2}'; echo $a; b=1,2; echo {$b}; echo {a,b}$(echo c) `echo d`{e,f}; echo {"a b",c}; echo {'{',x}; echo a{b,c{d,e}f,g}h; echo {a,b}{}; echo {}{a,b}; echo {{a,b},c}; echo {a,b}} {{a,b}; echo {a..}; echo {..a}; echo {1..2..3..4}; echo {a,b;}
echo {x,y}=1; a={1,2}; echo $a; for i in {a,b}{1..2}; do echo -n "$i "; done; echo
