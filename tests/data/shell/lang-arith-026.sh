hex=ff; echo $((16#$hex)) $((0x$hex)); bin=1011; echo $((2#$bin)); v=12; echo $((10#0$v)) $((v%10)) $((v/10)); [ $((v)) -eq 12 ] && echo eq
