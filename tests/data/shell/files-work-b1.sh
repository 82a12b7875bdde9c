a=(x.txt y.log z.tar.gz); for f in "${a[@]}"; do echo "${f%.*} ${f##*.} $(basename "$f" .txt) $(dirname "/a/$f")"; done; p=/var/log/nginx/access.log; echo "${p##*/} ${p%/*} $(basename $(dirname $p))"
