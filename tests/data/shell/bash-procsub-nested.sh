cat <(cat <(echo deep))
f() { cat $1 <(echo two); }; f <(echo one)
while read a; do while read b; do echo $a$b; done < <(echo x; echo y); done < <(echo 1; echo 2)
x=$(cat <(echo sub)); echo $x
sort -m <(printf 'a\nc\n') <(printf 'b\nd\n')
join <(printf '1 a\n2 b\n') <(printf '1 x\n2 y\n')
comm -12 <(printf 'a\nb\n') <(printf 'b\nc\n')
grep -f <(echo b) <(printf 'a\nb\n')
