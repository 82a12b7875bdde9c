echo "{a,b}" {a} a{b
