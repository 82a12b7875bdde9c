echo $'a\x41\u263a\101\cA' | od -c | head -2
echo $'tab\there' $'nl\nx' $'q\'q' $'bs\\'
echo "$'not ansi'"
x=$'multi\nline'
echo "$x" | wc -l
echo $'\e[0m' | od -An -c
