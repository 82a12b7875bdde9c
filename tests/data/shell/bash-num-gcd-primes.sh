gcd() { local a=$1 b=$2 t; while ((b)); do t=$((a%b)) a=$b b=$t; done; echo $a; }; gcd 48 18; gcd 17 5
for ((n=2;n<30;n++)); do for ((d=2;d*d<=n;d++)); do ((n%d==0)) && continue 2; done; echo -n "$n "; done; echo
