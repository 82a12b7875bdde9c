a=1; echo "a$a"'b$a'c$a\$a"$a'$a'"; echo "\"" '"' \' \\ "\\" "\a" '\a'; echo "$(echo "$(echo "$a")")"; echo "${a:+"q"}" "${a:+'q'}" ${a:+'q q'}; echo "a
b" 'c
d'; echo $"loc" $'\x41'"B"; echo "!" '!' \!; echo a#b #c
echo "#d"
