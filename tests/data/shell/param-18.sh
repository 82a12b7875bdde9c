x=aXbXc; IFS=X; for i in $x; do echo "[$i]"; done
