echo ${BASH_VERSION%%.*} ${BASH_VERSINFO[0]} ; [ -n "$BASHPID" ] && echo pid; [ $$ -gt 0 ] && echo ok; echo $0 | sed 's,.*/,,'; echo ${0##*/}; echo $- | grep -c h
