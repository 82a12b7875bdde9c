printf -v x "%03d" 7; echo $x
