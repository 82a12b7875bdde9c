for i in 1 2
do
echo $i
done
if true
then
echo t
else
echo f
fi
case a in
a)
 echo A
 ;;
esac
f()
{
echo fn
}
f
while false; do
:
done
{
echo grp
}
(
echo sub
)
