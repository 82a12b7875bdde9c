list=( one two=() )
echo "goes on: ${#list[@]}"
list=( a ; b ); echo "not on this line"
echo "goes on"
