# compare: stderr
echo $LINENO
f() {
  echo $LINENO
  nosuch1
}
f
x=$(echo $LINENO
echo $LINENO)
echo "$x"
cat <<E
$LINENO
E
echo \
 $LINENO
( echo $LINENO; nosuch2 )
if true
then nosuch3
fi
eval 'echo $LINENO
nosuch4'
for i in 1
do
 nosuch5 \
   arg
done
echo a |
 nosuch6
case x in
 x) nosuch7;;
esac
nosuch8 <<E
x
E
nosuch9 "a
b" ; nosuch10
{
nosuch11
} 
[ 1 -eq
a ]
((1+
))
echo ${x?gone
}
a=(1
$(nosuch12)
)
