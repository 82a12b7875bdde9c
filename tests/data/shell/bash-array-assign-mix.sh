a=(1 [5]=five six [2]=two 3); echo ${!a[@]} ${a[@]}; a[10]=ten; echo ${#a[@]}
a=([1]=x) ; echo ${a[0]-none} ${a[1]}; a+=([0]=zero y); echo ${!a[@]} ${a[@]}
x=str; x[2]=arr; echo ${x[@]} ${x[0]} $x; y=(p q); y=scalar; echo ${y[@]}
b=("a b" c\ d 'e f'); for i in "${b[@]}"; do echo "<$i>"; done; d=(${b[@]}); echo ${#d[@]}
e=(*) ; echo ${#e[@]} ; f=("") ; echo ${#f[@]}; g=( ) ; echo ${#g[@]}
