shopt extglob
[[ abc == @(abc|d) ]] && echo in cond
x=abcabc
echo ${x//+(b)/X} 
echo a+b @x !y
