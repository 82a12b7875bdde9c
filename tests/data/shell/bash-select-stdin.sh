select x in apple banana cherry; do echo "got [$x] $REPLY"; [[ $x ]] || break; done <<< $'2\n3\n9\n1' 2>/dev/null
echo "end $?"
PS3='pick: '
select x in a b; do echo "$x"; break; done <<< 1 2>err; cat err
