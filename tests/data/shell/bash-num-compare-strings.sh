[[ 9 -lt 10 ]] && echo n; [[ 9 < 10 ]] || echo s; [ 9 -lt 10 ] && echo n2; x=abc; ((x==0)) && echo zero; y='2+3'; ((y==5)) && echo five; z=08; (( 10#$z == 8 )) && echo eight; [ 08 -eq 8 ] && echo dec
