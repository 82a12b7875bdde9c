printf 'no newline' | { read x; echo "$? $x"; }
printf '' | { read x; echo "$? [$x]"; }
read x < /dev/null; echo $?
printf 'a\nb' | while read l; do echo "$l"; done
printf 'a\nb' | while read l || [ -n "$l" ]; do echo "$l"; done
