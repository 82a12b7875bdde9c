echo x > a; install a b; stat -c %a b; install -m 644 a c; stat -c %a c; install -d p/q; ls -d p/q; install -D a x/y/z; cat x/y/z; install -v a v; install -d -m 700 s; stat -c %a s; install a b p; ls p; install nosuch t; echo $?; install -t p c; ls p
# compare: stderr
