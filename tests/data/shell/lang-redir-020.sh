while read -u 3 a && read -u 4 b; do echo $a-$b; done 3< <(seq 3) 4< <(seq 4 6); while IFS= read -r line <&5; do echo "$line"; done 5<<< $'p\nq'; 
