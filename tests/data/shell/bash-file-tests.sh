mkdir d; touch f; chmod 644 f; chmod 755 d; echo x > g; ln -s nowhere dang; mkfifo p 2>/dev/null
for t in -e -f -d -s -r -w -x -L -h; do for f in d f g dang none; do test $t $f && echo "$t $f"; done; done
[ g -nt f ] || [ f -nt g ] || echo sametime; [ -e dang ] || echo dangling
