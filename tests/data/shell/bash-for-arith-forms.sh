n=0
for (( ; ; )); do
  (( n++ >= 2 )) && break
  echo "turn $n"
done
for (( i = 7 ;  ; i -= 3 )); do (( i < 0 )) && break; echo "i=$i"; done
for ((k = "2"; k < "4"; k++)); do echo "k=$k"; done
for ((k = '2'; k < 4; k++)); do echo never; done 2> /dev/null
echo "quoted: $?"
for ((k = 0; k < 0; k++)); do :; done; echo "none: $?"
for ((k = 0; k < 2; k++)); do false; done; echo "failing: $?"
for ((k = $(echo 1); k < $(echo 3); k++)); do echo "sub $k"; done; echo "sub: $?"
for ((k = 0; k < 1/0; k++)); do echo never; done 2> /dev/null; echo "zero: $?"

for (( k = 0; k < LINENO - 13; k++ )); do
  echo "line $k"
done
for ((k = $"2"; k < $"4"; k++)); do echo "k=$k"; done
for ((k = $'2'; k < 4; k++)); do echo never; done 2> /dev/null
