((x=5)); echo $? $x
((x==4)); echo $?
if ((x>3 && x<10)); then echo mid; fi
((x++, y=x*2)); echo $x $y
for ((i=0,j=10; i<j; i+=3,j-=2)); do echo -n "$i,$j "; done; echo
for ((;;)); do ((++n>3)) && break; done; echo $n
while ((n--)); do echo -n $n; done; echo
(( )); echo $?
