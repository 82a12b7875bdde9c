x=y; y=4; echo $((x+1))
