gcd() { (( $2 == 0 )) && echo $1 || gcd $2 $(( $1 % $2 )); }; gcd 1071 462; pow() { local r=1; for ((i=0;i<$2;i++)); do ((r*=$1)); done; echo $r; }; pow 3 5
