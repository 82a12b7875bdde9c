[ a = b -o 1 -eq 1 ] && echo y
