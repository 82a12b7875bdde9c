while IFS=, read -r a b c; do echo "$a|$b|$c"; done <<< $'1,2,3\n4,,6\n7,8\n,9,\n1,2,3,4'
IFS=: read -ra p <<< "/a:/b::/c:"; echo ${#p[@]}; printf '<%s>' "${p[@]}"; echo
IFS=' ' read a b <<< '  x   y  z  '; echo "[$a][$b]"
IFS=x read a b <<< 'axbxc'; echo "[$a][$b]"; IFS=x read a b <<< 'axbx'; echo "[$a][$b]"
IFS= read -r l <<< '  raw \t '; echo "[$l]"
read a b c <<< "1 2"; echo "[$a][$b][$c]"
