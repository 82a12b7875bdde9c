printf '%s-%s\n' a b c d e; printf '%s\n'; printf 'x\n' a b; printf '%d %s\n' 1 a 2 b; printf '[%s]' "" ; echo
printf '%-10s|%10s|\n' left right; printf '%.3s|%5.2s|\n' abcdef xyz; printf '%c%c\n' hello world; printf '%5d|%-5d|%05d\n' 42 42 42
printf '%x %X %#x %o\n' 255 255 255 8; printf '%e %.2E\n' 1234.5 0.00012; printf '%g %g %g\n' 100000 1000000 0.00001
printf '\x41\102\u00e9\n'; printf '%s\n' 'a\nb'; printf '%b\n' 'a\nb'; printf "%'d\n" 1234567
