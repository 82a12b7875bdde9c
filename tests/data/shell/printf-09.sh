printf "%q\n" "a b"
