> a echo x y; cat a
echo > a 1 2; cat a
2>&1 echo z > b; cat b
< a cat; cat < a - 
echo a b >c d; cat c
