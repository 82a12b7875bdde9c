cat > s.sh <<'X'
read name
echo "hello $name"
cat
X
printf 'bob\nrest\n' | bash s.sh; bash s.sh <<< $'al\nmore'; bash -s a b <<< 'echo $1 $2 $#'; echo 'echo from stdin $0' | bash | sed 's,[^ ]*/,,'
