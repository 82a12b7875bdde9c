fib() { if (( $1 < 2 )); then echo $1; else echo $(( $(fib $(($1-1))) + $(fib $(($1-2))) )); fi; }
fib 8
fact() { local n=$1; (( n <= 1 )) && { echo 1; return; }; local r=$(fact $((n-1))); echo $((n*r)); }
fact 10
hanoi() { (( $1 == 0 )) && return; hanoi $(($1-1)) $2 $4 $3; echo "$2->$3"; hanoi $(($1-1)) $4 $3 $2; }
hanoi 3 A C B | head -5
