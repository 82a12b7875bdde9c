x=/usr/local/lib/foo.tar.gz; echo ${x#*/} ${x##*/} ${x%/*} ${x%%/*} ${x%.gz} ${x%%.*} ${x#/usr} ${x##*.} ${x#nomatch}
