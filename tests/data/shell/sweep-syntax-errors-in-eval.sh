# compare: stderr
eval 'echo `'
echo $?
eval "echo 'abc"
echo $?
eval 'x=$(echo'
echo $?
eval 'if true'
echo $?
eval '{ echo'
echo $?
eval 'case x in'
echo $?
eval 'foo() '
echo $?
eval 'for x in a; do'
echo $?
echo $?
echo $?
eval 'a=(1'
echo $?
eval '((1'
echo $?
eval 'echo $((1'
echo $?
eval 'echo ${a'
echo $?
eval 'cat <<X'
echo $?
eval 'echo a |'
echo $?
eval 'echo a &&'
echo $?
eval '! '
echo $?
eval 'while'
echo $?
eval 'function'
echo $?
eval 'echo >'
echo $?
eval ')'
echo $?
eval '}'
echo $?
eval 'then'
echo $?
eval ';;'
echo $?
eval 'a=(1 | 2)'
echo $?
echo $?
echo $?
eval '('
echo $?
eval '()'
echo $?
eval 'f('
echo $?
eval 'f()'
echo $?
eval 'echo $(case x in x) echo hi;; esac)'
echo $?
