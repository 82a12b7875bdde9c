a=(a b c d); echo ${a[-1]} ${a[-4]}; a[-1]=D; echo ${a[@]}; unset 'a[-2]'; echo ${!a[@]}; i=-1; echo ${a[i]} ${a[$i]}
