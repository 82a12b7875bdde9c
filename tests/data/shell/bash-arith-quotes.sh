echo $(( "2" + "3" ))
echo $(( '2' + 3 )); echo "not reached on this line"
echo "status $?"
(( x = '4' )); echo "x=[$x] $?"
(( y = "4" )); echo "y=[$y] $?"
list["1"]=p; list['2']=q; echo "same line"
echo "${!list[@]}"
list[1 + "3"]=r; echo "${!list[@]}"
echo $(( 1.5 )) ; echo no
echo $(( 3 # 4
))
(( z = 3 + 4 # words
)); echo "z=[$z]"
z=$(( 5 @ 6 )) ; echo no
echo "end $?"
