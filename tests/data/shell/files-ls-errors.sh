ls nosuch; echo $?; touch f; ls f nosuch; echo $?; ls f/x; echo $?; ls -Z1; mkdir d; ls nosuch d; ls -j; echo $?
# compare: stderr
