a-b.c () { echo "a-b.c $1"; }
a-b.c 1
x-y=z ( ) { echo "x-y=z $1"; }
x-y=z 2
$undefined-f() { echo no; }
echo "status $?"
g-$(echo no)() { echo no; }
echo "status $?"
"quoted"() { echo no; }
echo "status $?"
