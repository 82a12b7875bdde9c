unset a b; : ${a:=1} ${b:=$a}; echo $a $b; echo ${c:=x y}; echo "$c"; : "${arr[2]:=q}"; echo ${!arr[@]}
