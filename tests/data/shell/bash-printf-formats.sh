printf '%d %i %o %u %x %X %c %s\n' 10 -5 8 7 255 255 xyz str
printf '%5.2f|%-8.3f|%e|%g\n' 3.14159 2.5 12345.678 0.0001
printf '%s %s\n' a b c
printf '%b\n' 'a\tb\\n\x41\0101'
printf '%*d|%-*d|%.*f\n' 5 42 5 42 2 3.14159
printf '%+d % d %05d %#x %#o\n' 5 5 5 255 8
printf '%%|%5%|\n'
printf '%d\n' "'A" '"B' 0x1f 010
