echo -e 'a\tb\nc\\d\x41\0101\u00e9'; echo -n no; echo -E 'a\tb'; echo -ne 'x\n'; echo -en 'y\c z'; echo
echo -e 'stop\chere'; echo; echo -x; echo - a; echo -- a; echo -nx; echo -e -n q; echo
shopt -s xpg_echo; echo 'a\tb'; shopt -u xpg_echo; echo "a\\b" 'a\b' a\\b
