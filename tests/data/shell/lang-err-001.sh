nosuchcommand_q 2>/dev/null; echo $?; ./x; echo $?; cd /no; echo $?; cat nofile; echo $?; echo ${x!}; echo $?
