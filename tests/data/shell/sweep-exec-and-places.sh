# compare: stderr
(exec -c env | wc -l)
(exec nosuch)
echo $?
(exec /)
echo $?
bash -c 'exec nosuch; echo no'
echo $?
type -a true
type -a ls
[ -e <(:) ] && [ -p <(:) ] && echo there
[ -f <(:) ] || echo no file
shopt -q login_shell || echo not one
bash -l -c 'shopt -q login_shell && echo login'
bash --login -c 'shopt -q login_shell && echo login'

pwd -x
cd -x
echo $?
caller
logout
echo $?
kill
echo $?
(set -u; echo $nope; echo no)
echo $?
bash -c '(set -u; echo $nope); echo $?'
bash -c 'set -u; echo $nope'
echo $?
x=1
echo ${x!}; echo same line
echo next $?
eval 'echo ${x!}
echo goes on'; echo same line
bash -c 'echo ${x!}; echo no
echo next'
