nohup echo hi > o 2>/dev/null; cat o; nohup sh -c 'exit 4' > o 2>&1; echo $?; nohup nosuch 2>/dev/null; echo $?; nohup; echo $?
