shopt -s extglob; touch f1.c f2.c g.h h.o Makefile; ls !(*.c|*.h); ls *.@(c|h); ls ?(f)1.c 2>/dev/null; ls +([a-z])*(?).o; echo !(M*).c; rm -- !(*.c); ls
