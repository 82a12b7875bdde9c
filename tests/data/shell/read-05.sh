read -r x <<< "a\\b"; echo "$x"
