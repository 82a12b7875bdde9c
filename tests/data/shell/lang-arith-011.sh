a=3 b=a c=b; echo $((c)) $((c+1)) $(($c)) $((a*b)); s='1+2'; echo $((s*2)) $(($s*2)); e=; echo $((e)) $((undefinedvar+1))
