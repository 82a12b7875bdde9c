x=3; ((x+=4)); echo $x; ((x==7)) && echo yes; ((0)) || echo no
