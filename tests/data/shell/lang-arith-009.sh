((x=5)); echo $? $x; ((x==4)); echo $?; ((0)); echo $?; ((1)); echo $?; ((x>3 && x<10)) && echo in; if (( x % 2 )); then echo odd; fi
