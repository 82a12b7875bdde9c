# compare: stderr
mkdir -p a/b c
cd nosuch/..; echo $?
cd a/../c; echo "${PWD##*/}"; cd ..
cd a/nosuch/../b; echo $?
touch plain; cd plain/..; echo $?
dirs x; echo $?
dirs -x; echo $?
pushd a b; echo $?
pushd -x; echo $?
popd -x; echo $?
popd x; echo $?
popd; echo $?
pushd a > /dev/null; popd x; echo $?
popd -- > /dev/null; echo "${PWD##*/}" | grep -c work
