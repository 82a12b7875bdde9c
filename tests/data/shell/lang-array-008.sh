a=(1 2 3); f() { local a=(9 8); echo ${a[@]}; }; f; echo ${a[@]}; g() { a[0]=changed; }; g; echo ${a[@]}; h() { local -a arr=("$@"); echo ${#arr[@]}; }; h "x y" z
