echo ${x:=v} $x
