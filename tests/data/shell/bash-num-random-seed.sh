RANDOM=42; a=$RANDOM; RANDOM=42; b=$RANDOM; [ $a = $b ] && echo same; ((a<32768)) && echo range; x=$((RANDOM%5)); ((x>=0&&x<5)) && echo mod
