x=abcdef; n=2; echo ${x:n} ${x:$n:1} ${x:n+1} ${x:n*2:n-1} ${x:(n)} ${x: n } ${x:n>1?1:3}
