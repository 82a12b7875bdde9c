f() { cat <<E
in f $1
E
}
f 1; f 2
while read -r l; do echo "[$l]"; done <<E
a
 b
c\n
E
