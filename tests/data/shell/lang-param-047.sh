echo "${PWD##*/}" ${PWD:0:1}; cd /tmp; echo $PWD $OLDPWD | sed 's,/[^ ]*case[^ ]*,X,'; cd - >/dev/null; echo ${OLDPWD}
