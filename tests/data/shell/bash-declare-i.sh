declare -i n; n=3+4; echo $n
n+=5; echo $n; n=abc; echo $n
n="2*3"; echo $n
declare -i a; a=(1+1 2+2); echo ${a[@]}
f() { local -i k=$1*2; echo $k; }; f 21
