x=" a  b "; IFS=" "; printf "<%s>" $x; echo
