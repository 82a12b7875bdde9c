touch a b ab abc .hid 'sp ace' '[x]' '*'
echo *; echo ?; echo a*; echo [ab]; echo [!a]*; echo .*hid; echo \**; echo '['*
echo nomatch*; echo "*"; x='a*'; echo $x "$x"
echo [[:alpha:]]; echo *[[:space:]]*
