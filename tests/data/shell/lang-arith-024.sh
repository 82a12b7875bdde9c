x=; ((x)) || echo empty is false; ((y=0)) || echo zero; ((y+=5)) && echo $y; (( ${#y} == 1 )) && echo len; ((z = y > 3)) ; echo $z
