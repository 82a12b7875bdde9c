exec -a myname bash -c 'echo $0'
