umask 022; umask; umask -S; umask 077; touch f; stat -c %a f; umask u=rwx,g=rx,o=; umask; mkdir d; stat -c %a d
umask -p; umask 999 2>/dev/null; echo $?; (umask 0); umask
