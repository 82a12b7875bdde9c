a=(a b c d e); echo ${a[@]:1:3}; unset "a[1]"; echo ${a[@]} ${!a[@]}
