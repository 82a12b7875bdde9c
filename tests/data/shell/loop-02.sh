for i in {1..5}; do [ $i = 3 ] && continue; [ $i = 5 ] && break; echo $i; done
