declare -n r
a1=x a2=y
for r in a1 a2; do echo "${!r} $r"; r=new; done
echo $a1 $a2
