# compare: stderr
echo $0 | sed 's@.*/@@'; echo $# "$-" | sed 's/[^a-zA-Z0-9 ]//g'; echo ${BASH_VERSION%%.*} ${BASH_VERSINFO[0]}; echo $LINENO; f() { echo $LINENO ${FUNCNAME[0]} ${BASH_LINENO[0]}; caller; caller 0; }; f
f
echo ${#FUNCNAME[@]} $BASH_SUBSHELL $SHLVL; true a b c; echo $_; echo x y; echo $_; echo $PPID | grep -c '^[0-9]'; [ $$ = $BASHPID ] && echo eq; ( [ $$ = $BASHPID ] || echo ne ); echo $UID | grep -c .; echo $OSTYPE $HOSTTYPE $MACHTYPE; echo ${GROUPS[0]}; echo ${DIRSTACK[0]} | sed 's@.*/@@'; echo "$IFS" | od -An -c; echo $OPTIND $OPTERR; echo ${PS4}; echo ${BASH##*/}; echo "${SHELLOPTS}"; echo ${BASH_COMMAND}
