echo ${10:-none}; set -- a b c d e f g h i j; echo ${10} $10
