# compare: stderr
printf 'a\tb\tc\n' > f; expand f; expand -t4 f; expand -t 2,6 f; expand f | unexpand -a | od -c | head -2; printf '\tx\ty\n' | expand -i | od -c | head -2; unexpand <<< '        x       y' | od -c | head -2; unexpand -t4 -a <<< 'abc     d' | od -c | head; expand -t x f; echo $?; expand -4 f
