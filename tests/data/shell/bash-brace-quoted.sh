echo {a,"b c",d} {'x,y',z} {a\,b,c} \{a,b} {a,b\} {"1".."3"} {a,b}\ {c,d}
echo "a"{b,"c"}'d' {a,$(echo q r)} {a,`echo z`}
echo {{1..3},{a..c}} {{a,b},c} {a,b{1..2}} a{1..3}{x,y}
