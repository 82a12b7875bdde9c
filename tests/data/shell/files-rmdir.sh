mkdir -p a/b/c e; rmdir a; echo $?; rmdir -p a/b/c; ls; rmdir -v e; touch f; rmdir f; rmdir nosuch; mkdir -p x/y; touch x/f; rmdir -p x/y; echo $?; rmdir --ignore-fail-on-non-empty x; echo $?
# compare: stderr
