env | grep -c '^PWD='
declare -p PWD | sed 's,=.*,,'
declare -p OLDPWD; cd /; declare -p OLDPWD | sed 's,=.*,,'
echo "${OLDPWD+set}"
set -o emacs; set -o vi; shopt -o -p emacs vi
set -o emacs; shopt -o -p emacs vi
