printf "%s %d %05d|%-5s|%5s|\n" a 1 42 ab cd
