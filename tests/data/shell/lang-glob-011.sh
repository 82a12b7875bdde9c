shopt -s failglob; echo before; echo *.nomatch; echo after-in-line
echo next line $?
