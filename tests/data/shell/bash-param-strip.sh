f=/a/b.c/file.tar.gz
echo ${f##*/} ${f%/*} ${f%.*} ${f%%.*} ${f#*.} ${f##*.}
x='*a*b*'; echo "${x#\*}" "${x%'*'}" "${x#*a}" "${x##*'*'}"
p=/usr/lib:/bin:/usr/bin; echo ${p//:/ } ${p//\/usr/X} ${p/#\/usr/S} ${p/%bin/E}
a=(x.c y.c z.h); echo ${a[@]%.c} ${a[@]/#/p-} ${a[@]/%/-s}
