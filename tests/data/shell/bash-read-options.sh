printf 'abcdef' | { read -n 3 x; echo "$x"; read -N 2 y; echo "$y"; }
printf 'a:b:c' | { read -d : x; echo "$x"; read -d : y; echo "$y"; read -d : z; echo "$z $?"; }
printf 'a\\b\nc\\\nd\n' | { read x; echo "$x"; read y; echo "$y"; }
printf 'a\\b\n' | { read -r x; echo "$x"; }
printf 'one two three\n' | { read -a w; echo ${#w[@]} ${w[2]}; }
printf 'x\0y\0' | { while IFS= read -r -d '' i; do echo "[$i]"; done; }
