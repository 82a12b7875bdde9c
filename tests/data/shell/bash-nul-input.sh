printf 'a\0b\0c\0' > in
mapfile -d '' all < in; declare -p all
mapfile -td '' all < in; declare -p all
printf 'x\0y\n' | { read -r v; echo "${#v} $v"; }
while IFS= read -r -d '' v; do echo "[$v]"; done < in
read -t -1 v < in 2> /dev/null; echo "before: $?"
read -t soon v < in 2> /dev/null; echo "soon: $?"
