IFS=:; x=a:b:c; echo $x "$x"; set -- $x; echo "$*" "$#"; IFS=; echo "$*"; unset IFS; echo "$*"
