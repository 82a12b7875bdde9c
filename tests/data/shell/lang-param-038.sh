a=(1 2 3); for i in "${!a[@]}"; do echo "$i:${a[i]}"; done; a[1+1]=x; echo ${a[2]} ${a[$((1))]} ${a[a[0]]}; i=0; a[i++]=z; echo $i ${a[@]}
