while IFS='|' read -r a b; do printf '%s=%s\n' "$a" "$b"; done <<-'X' | sort
	z|26
	a|$1
	m|`x`
	X
n=0; while read -r; do ((n++)); done <<X
1
2
X
echo $n
