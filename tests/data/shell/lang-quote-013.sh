echo -e '\0101 \x41 \101 a\cb c'; echo next
echo -e '\u0041\U0001F600'
