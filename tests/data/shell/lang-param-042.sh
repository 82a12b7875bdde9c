x=abc; x+=def; echo $x; declare -i n=5; n+=3; echo $n; n=n*2; echo $n; n="2+3*4"; echo $n; a=(1); a+=(2 3); a[0]+=x; echo ${a[@]}; declare -A m; m[k]=1; m[k]+=2; m+=([z]=9); echo ${m[k]} ${m[z]}
