# compare: stderr
a=(1 2); echo ${a[-3]}; echo $?
a[-5]=x; echo $?
(echo "${a[]}"); echo $?
(declare -A m; m[]=x); echo $?
a[x y]=1; echo $?
(a[1]=(2)); echo $?
