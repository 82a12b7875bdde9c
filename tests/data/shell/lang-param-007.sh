(echo ${u?gone}); echo $?; (echo ${u:?}); echo $?; e=; (echo ${e:?empty msg here}); echo $?; (echo ${e?no}); echo $?; bash -c 'echo ${zz?bad}; echo after'; echo $?
