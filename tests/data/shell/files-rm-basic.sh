mkdir -p d/e; touch a b d/f d/e/g; rm a; ls; rm d; echo $?; rm -r d; ls; rm nosuch; echo $?; rm -f nosuch; echo $?; rm; echo $?; rm -f; echo $?; mkdir x; rm -d x; mkdir -p y/z; rm -d y; rm -rv y; rm -v b
# compare: stderr
