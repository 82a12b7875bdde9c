declare -i n; n=5+5; echo $n; n=abc; echo $n; n+=1; echo $n; declare -i m=n*3; echo $m; f() { local -i z=2**4; echo $z; }; f; n="0x10"; echo $n
