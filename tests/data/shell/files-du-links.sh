mkdir d; printf '%9000s' x > d/a; ln d/a d/b; du d; du -l d; du -a d | wc -l; ln -s a d/s; du -L d/s | cut -f1; du nosuch; echo $?; du -s -d 1 d; echo $?; du --exclude=a d; du a d 2>/dev/null; du d d/a
# compare: stderr
