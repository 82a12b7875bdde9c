cat <<$x
body of $x
$x
cat <<${x}
braces
${x}
cat <<$(name)
command
$(name)
cat <<'a b'
quoted $x
a b
cat <<x"y"z
mixed $x
xyz
echo "file text" > f
tr a-z A-Z < <(< f)
cat < <(< f; echo only)
