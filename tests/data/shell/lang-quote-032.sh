v=$(echo a; echo b); echo $v; echo "$v"; v=`echo 1; echo 2`; echo $v
