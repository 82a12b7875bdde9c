x="hello World"
echo ${x@U} ${x@u} ${x@L}
echo ${x^} ${x^^} ${x,} ${x,,} ${x~} ${x~~}
echo ${x^^[lo]} ${x^[h]}
a=(ab cd); echo ${a[@]^} ${a[@]@U} "${a[*]^^}"
