unset u; e=; s=set; echo "${u-d}" "${u:-d}" "${e-d}" "${e:-d}" "${s-d}" "${s:-d}"; echo "${u+a}" "${u:+a}" "${e+a}" "${e:+a}" "${s+a}" "${s:+a}"
echo "${u=new}" $u; echo "${e:=new2}" $e; echo "${s=z}"
