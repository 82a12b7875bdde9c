echo 'x:y:z' | tr : '\012'
echo "status $?"
