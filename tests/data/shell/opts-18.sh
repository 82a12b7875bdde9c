unset x; x+=a; x+=b; echo $x
