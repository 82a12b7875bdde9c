sleep 10 & p=$!
kill -0 $p && echo alive
kill $p; wait $p 2>/dev/null; echo $?
kill -0 $p 2>/dev/null; echo $?
sleep 10 & kill -9 $!; wait $! 2>/dev/null; echo $?
