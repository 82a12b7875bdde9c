cat <<E | tr a-z A-Z
hello
hello
E
cat <<<word; cat <<<"a  b"; x='p  q'; cat <<< $x; cat <<<"$x"$'\n'more
