# compare: stderr
echo 'a "b" $c' "d 'e' \$f \"g\" \`h\` \\ \n" i\ j\"k\'l\$m\\n; echo "a\zb" 'c\zd' e\zf; echo "x$" "$ y" $ "$'z'" '$"q"' $"loc"; echo "a`echo b`c" a`echo b`c; echo "$(echo "$(echo 'in')")"; echo "${x:-'q'}" ${x:-'q'} "${x:-"q"}" ${x:-"q"} "${x:-\"q\"}" ${x:-\"q\"}; echo "a"b'c'd"e"; echo ""a'' ''; echo "tab	tab" 'nl
nl'; echo "a\
b" 'a\
b' a\
b; echo \a\b\c "\a\b" '\a'; echo "\\\\" '\\\\' \\\\; echo "$((1+1))" '$((1+1))' \$\(\(1+1\)\); echo "*" '*' \*; echo "#" \# a#b # c
echo "!" '!!' a!b; echo "{a,b}" \{a,b\} '{a,b}'; echo "<>|&;()" '<>|&;()' \<\>\|\&\;\(\); echo $'a\'b' $'a"b' $'\\' $'\x41\x4a' $'\u20ac' $'\101' $'a\0b' $'\e' | cat -v
