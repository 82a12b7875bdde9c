i=0; while ((i<5)); do ((i==3)) && { ((i++)); continue; }; echo $i; ((i++)); done; until ((i<=2)); do ((i--)); done; echo $i
