x=scalar; echo ${x[0]} ${x[@]} ${#x[@]} ${x[1]-none}; x[1]=more; echo ${x[@]}; declare -p x; echo $x; x=new; echo ${x[@]}; a=b; a+=(c); echo ${a[@]}
