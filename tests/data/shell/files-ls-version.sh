touch f10 f9 f1 f2 v1.10.txt v1.9.txt v1.2.txt a.b.c foo1.tar.gz foo10.tar.gz foo2.tar.gz; ls -v
