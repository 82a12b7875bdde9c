s=(); push(){ s+=("$1"); }; pop(){ local l=$((${#s[@]}-1)); r=${s[l]}; unset "s[l]"; }
push a; push 'b c'; push d; pop; echo $r; pop; echo $r ${#s[@]}
q=(1 2 3); q=("${q[@]:1}"); echo ${q[@]}; q=(0 "${q[@]}"); echo ${q[@]}
