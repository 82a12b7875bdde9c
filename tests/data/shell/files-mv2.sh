echo 1 > a; echo 2 > b; mv -n a b; cat b; ls; mv -b a b; ls; cat b b~; mkdir d1 d2; touch d1/x d2/y; mv d1 d2; find . | sort; mkdir d1; mv d1 d2; echo $?; mv -T d1 d2; echo $?; mv b d2/d1/; mv b~ d2/y/; echo $?; touch f; mkdir g; mv g f; mv f g; mv -t g d2; ls g; echo y | mv -i g/f g/new; touch q r; echo n | mv -i q r; ls
# compare: stderr
