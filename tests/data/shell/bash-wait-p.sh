(exit 4) & a=$!
wait -n -p who $a; echo $? $((who==a))
