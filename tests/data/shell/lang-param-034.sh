a=5 b=a c=b; echo ${!b} ${!c}; declare -n ref=a; ref=9; echo $a $ref ${!ref}; ref+=1; echo $a; f() { local -n r=$1; r="changed by $FUNCNAME"; }; f b; echo $b
