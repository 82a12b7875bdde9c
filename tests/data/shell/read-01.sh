read a b <<< "1 2 3"; echo "$a|$b"
