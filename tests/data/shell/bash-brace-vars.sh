x=10 a=A b=B
echo $x{1,2} ${x}{1,2} {$x,y} {$a,$b}c {1..$x} "$x"{1,2} $a{,$b}
echo $xy{1,2} ${a}{b,c}$b
echo pre{$x,${a}}post
x1=one; x2=two
echo $x{1,2}
