touch a.o b.c c.o d~; ls -B; ls -I '*.o'; ls --hide='*.c'; ls -a --hide='*.c'; ls --ignore=*.o --ignore=*~
