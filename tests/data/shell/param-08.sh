y=x; x=5; echo ${!y}
