touch 'a b' c; find . -type f -print0 | sort -z | tr '\0' '|'; echo; 
