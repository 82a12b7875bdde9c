f=archive.tar.gz; base=${f%%.*}; ext=${f#*.}; echo $base $ext ${f%.*} ${f##*.}; p=/a/b/c/; echo ${p%/} ${p%%/} ${p%/*/}; d=${p%/}; echo ${d##*/}
