x=héllo; echo ${#x}; a=(1 22 333); echo ${#a} ${#a[1]} ${#a[@]} ${#a[*]}
set -- a b; echo ${#} ${#@} ${#*} $# ; y=; echo ${#y}; echo ${#nope}
