(exec echo replaced; echo no)
(exec nosuchcmd 2>/dev/null; echo no); echo $?
(exec -c env | grep -v '^_=' | wc -l)
(exec -a zz sh -c 'echo "$0"')
(exec -l bash -c 'echo "$0"')
exec /bin/true; echo no
