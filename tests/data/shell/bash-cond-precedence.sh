[[ a && ! b ]] || echo 1; [[ ( a || '' ) && b ]] && echo 2; [[ ! ( '' ) ]] && echo 3; [[ '' || a && '' ]] || echo 4; [[ -z '' && -n x || '' ]] && echo 5; [[ a == a && b != c
]] && echo 6; [[ ! -e nosuch && 1 -lt 2 ]] && echo 7; x=; [[ $x ]] || echo 8; [[ "$x" == '' ]] && echo 9; [[ a < b && b > a ]] && echo 10; [[ 3 -gt 2 ]] && [[ 2 -le 2 ]] && echo 11
