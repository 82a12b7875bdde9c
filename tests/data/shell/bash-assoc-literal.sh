declare -A m=([k1]=v1 [k2]="v 2" ["k 3"]='v"3')
for k in k1 k2 "k 3"; do echo "$k -> ${m[$k]}"; done
declare -A n=(a 1 b 2)
echo ${n[a]} ${n[b]}
m+=([k4]=v4 [k1]=new); echo ${m[k4]} ${m[k1]} ${#m[@]}
