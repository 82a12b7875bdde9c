echo "nested $(echo "inner $(echo "deep  x")  y") z"
echo `echo \`echo back\``
echo "`echo "q  r"`"
