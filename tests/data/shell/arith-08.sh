let a=5+3 b=a*2; echo $a $b
