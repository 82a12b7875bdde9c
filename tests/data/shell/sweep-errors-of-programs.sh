# compare: stderr
nosuchcmd; echo $?; ./nofile; echo $?; /; echo $?; touch nox; ./nox; echo $?; echo 'echo hi' > x; chmod +x x; ./x; printf '#!/bin/nosuch\n' > y; chmod +x y; ./y; echo $?; "" ; echo $?; cd /nosuch; echo $?; < nofile; echo $?; cat < nofile; echo $?; > /nosuch/x; echo $?; echo x > .; echo $?; exec nosuchexec; echo $?
