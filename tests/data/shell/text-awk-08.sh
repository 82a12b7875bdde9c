printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{while(i<3){i++; if(i==2) continue; print i}; do{print i--}while(i>1)}'
echo "status $?"
