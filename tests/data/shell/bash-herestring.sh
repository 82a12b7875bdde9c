cat <<< "a  b"
cat <<< a\ \ b
x='* ?'; cat <<< $x
read a b <<< "1 2 3"; echo "$a|$b"
cat <<< $'x\ty'
wc -c <<< ""
