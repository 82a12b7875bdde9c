select x in a b; do echo $x; done <<< $'1\n\n2' 2>/dev/null; echo $?
select y; do echo $y; break; done <<< 1 2>/dev/null
set -- p q; select y; do echo $y; break; done <<< 2 2>/dev/null
