echo one \
  two
echo "a \
b"
echo 'a \
b'
x=1\
2
echo $x
ec\
ho joined
