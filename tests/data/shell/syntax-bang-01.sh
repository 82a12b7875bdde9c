# `!` turns the status of a whole pipeline; after a bar it is a mistake.
! true; echo $?
! false | true; echo $?
! echo a | grep -q b; echo $?
! { false; }; echo $?
(eval 'echo a | ! true') 2>/dev/null; echo "status $?"
(eval 'echo a | ! true; echo never') 2>&1 | sed 's,^.*sh: ,,'
if ! false; then echo yes; fi
! ! true; echo $?
echo a | grep '!' ; echo $?
