echo 'single $x' "double $((1+1))" back\ slash
echo "a'b" 'c"d' "e\"f" 'g'\''h'
