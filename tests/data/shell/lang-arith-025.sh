printf '%d %d %x %o %#x %05d %+d %i\n' 0x1f 017 255 8 255 42 7 9; printf '%d\n' "'A" '"B' -5; printf '%s\n' $((16#$(echo ff)))
