printf '%q\n' "a'b\"c" 'back\slash' 'tab	x' '[x]' 'a,b' 'a:b' 'a@b' 'a%b' 'a^b' '-n' '+x' '~user' 'a~b' '=x'
