# compare: stderr
echo 'the quick brown fox jumps over the lazy dog' > f
fmt -w 20 f
fmt -s -w 20 f
fmt -30 f
printf -- '- item one is long and goes on\n' | fmt -w 15
fold -5 <<< 1234567
fold -sw 12 f
fold -w 0 f
split -l 0 f
printf 'a\tb\tc\n' | expand -4
unexpand -t4 -a <<< 'abc     d' | od -c
unexpand -a <<< 'abc             d  e' | od -c
wc /dev/null
wc --total=only f
sort -R f f | wc -l
printf 'b\na\nb\n' | sort -R | uniq | wc -l
cut -c2 -f1 f
sed bnolabel f
echo $?
cat <&- 2>/dev/null; echo $?
diff f
diff --nosuch f f
grep --nosuch x f
timeout
