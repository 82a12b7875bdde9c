bash -c 'echo a; if'; echo $?
bash -c 'echo "x'; echo $?
bash -c 'a b ('; echo $?
bash -c 'foo() '; echo $?
