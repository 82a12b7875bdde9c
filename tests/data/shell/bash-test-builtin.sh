[ a = a ] && echo 1; [ a != b ] && echo 2; [ -z "" ] && echo 3; [ -n x ] && echo 4; [ 5 -gt 3 ] && echo 5; [ ! a = b ] && echo 6
[ a = a -a b = b ] && echo 7; [ a = b -o b = b ] && echo 8; [ \( a = a \) ] && echo 9; [ "" ] || echo 10; [ x ] && echo 11; [ ] || echo 12
test -e /; echo $?; test; echo $?; [ -f / ] || echo notfile; [ -d / ] && echo dir; [ a \< b ] && echo lt; [ b \> a ] && echo gt
[ -v HOME ] && echo v; [ -o errexit ] || echo noe; touch f; ln -s f l; [ -L l ] && echo link; [ f -ef l ] && echo same; [ -s f ] || echo empty
