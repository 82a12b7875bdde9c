umask 022; umask; umask -S; umask 077; umask; umask u=rwx,g=rx,o=; umask; (umask 000; umask); umask; umask -p; umask 999 2>/dev/null; echo $?
