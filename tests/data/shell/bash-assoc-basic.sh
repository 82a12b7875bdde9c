declare -A m
m[a]=1; m["b c"]=2; m[$'x']=3
echo ${#m[@]} "${m[b c]}" ${m[x]}
for k in a "b c" x nope; do [[ -v m[$k] ]] && echo "has $k" || echo "no $k"; done
unset 'm[a]'; echo ${#m[@]}
m[x]+=4; echo ${m[x]}
k='b c'; echo ${m[$k]}
