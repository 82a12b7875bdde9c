{ echo out; echo err >&2; } 2>&1 | sort
{ echo out; echo err >&2; } 2>/dev/null
{ echo a; echo b >&2; } > f 2>&1; cat f
{ echo a; echo b >&2; } 2>&1 > f | sed 's/^/p:/'; cat f
exec 3> g; echo three >&3; exec 3>&-; cat g
exec 4< g; read x <&4; echo $x; exec 4<&-
echo x >&3; echo $?
