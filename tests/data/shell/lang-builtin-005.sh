shopt -s expand_aliases
alias ll='echo LL' e='echo ' w='world'
ll x; e w; alias ll; alias | sort; unalias ll; ll 2>/dev/null; echo $?
alias nest='e nested'; nest
\e 2>/dev/null; echo $?
alias b='for i in 1 2; do echo'
b $i; done
alias x 2>/dev/null; echo $?; unalias -a; alias | wc -l
