IFS=/
for p in $(echo /usr/local/bin); do echo "[$p]"; done
set -- $(printf 'a/b\nc/d')
echo $#; printf '[%s]\n' "$@"
