x=`echo "unclosed` 2> /dev/null
echo "$? [$x]"
y=`echo a | (`
echo "$? [$y]"
echo "in `if` a word"
