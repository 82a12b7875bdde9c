touch a b; echo y | rm -i a; ls; echo n | rm -i b; ls; mkdir d; touch d/x; printf 'y\ny\ny\n' | rm -ri d; ls; touch 1 2 3 4; echo n | rm -I 1 2 3 4; ls
