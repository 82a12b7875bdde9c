printf "%%|%5.1f|%+d\n" 2.25 5
