echo 1 > a; echo 2 > b; mv a c; ls; mv -v b d; mkdir dir; mv c d dir; ls dir; mv nosuch x; echo $?; mv dir/c dir/d .; mv c c; echo $?; mv dir dir/sub; echo $?; mv c; mv; mv c d nosuch; echo $?; touch f; mv c d f; echo $?
# compare: stderr
