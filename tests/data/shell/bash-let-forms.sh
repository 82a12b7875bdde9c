let x=1+2 y=x*2; echo $x $y $?
let 'z = 5 > 3' w=0; echo $z $? 
let "x<<=2"; echo $x
let x++ ; echo $x
let 0; echo $?; let 1; echo $?
let a=1,b=2; echo $a $b
let "q = 1 ? 10 : 20"; echo $q
