echo a \
b \
  c
if [ 1 = 1 ] \
 && true; then echo cont; fi
x="one \
two"; echo "$x"
for i in 1 \
 2; do echo $i; done
ec\
ho joined
echo 'no\
join'
v=abc
echo $v\
def ${v}\
x
