touch a.o a.c b.o .x
GLOBIGNORE='*.o'; echo *
GLOBIGNORE='*.o:a*'; echo *
unset GLOBIGNORE; echo *
set -f; echo *; set +f; echo *.c
