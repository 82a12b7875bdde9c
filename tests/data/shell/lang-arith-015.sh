(echo $((1+))); echo $?; (echo $((1 2))); echo $?; (echo $((a b))); echo $?; (echo $((3#5))); echo $?; (echo $((1=2))); echo $?; ((1+)); echo $?; echo end
