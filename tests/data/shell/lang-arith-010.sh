let x=3+4 y=x*2; echo $x $y; let "z = x > y ? 1 : 0"; echo $? $z; let x++; echo $x; let 'x<<=1'; echo $x; let 0; echo $?; let; echo $?
