unset u; e=; s=set
echo "${u-a}" "${u:-a}" "${e-a}" "${e:-a}" "${s-a}" "${s:-a}"
echo "${u+a}" "${u:+a}" "${e+a}" "${e:+a}" "${s+a}" "${s:+a}"
echo "${u=new}" $u; unset u; echo "${e:=new}" $e
echo ${u:-$(echo sub)} ${u:-${s}x} ${u:-"q q"}
echo "${u:-}" "${#s}" "${u:-'a b'}"
