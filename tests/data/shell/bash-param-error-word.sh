# compare: stderr
(: ${x:?}); echo $?
(: ${x:?custom msg}); echo $?
(: ${x?}); echo $?
x=; (: ${x?}; echo okset); (: ${x:?is "empty" $HOME_NOPE}); echo $?
f() { : ${1:?need arg}; echo in; }; (f); echo $?; f a
echo ${y:?bye}
echo never
