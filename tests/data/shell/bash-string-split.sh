x='a:b:c'; IFS=: read -ra p <<< $x; echo ${#p[@]} ${p[1]}; old=$IFS; IFS=:; set -- $x; IFS=$old; echo $# $2
while [[ $x == *:* ]]; do echo ${x%%:*}; x=${x#*:}; done; echo $x
