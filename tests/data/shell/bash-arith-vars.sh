a=3 b=a c=b
echo $((c)) $((c+1)) $(($a+1)) $((a*a))
unset u; echo $((u)) $((u+1)) $((u++)) $u
e='1+2'; echo $((e*2)) $(($e*2))
arr=(10 20 30); i=1; echo $((arr[i])) $((arr[i+1]+1)) $((arr)) $((arr[-1]))
((arr[1]+=5)); echo ${arr[1]}
echo $(( (a>2) && (arr[0]==10) ))
