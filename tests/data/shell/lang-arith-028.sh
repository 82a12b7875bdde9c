a[0]=1; ((a[0]+=5, a[1]=a[0]*2)); echo ${a[@]}; ((a[2]++)); echo ${a[2]}; for i in ${!a[@]}; do ((s+=a[i])); done; echo $s; unset s; for v in "${a[@]}"; do s=$((s+v)); done; echo $s
