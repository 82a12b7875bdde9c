HOME=/home/me
echo {~,x~}/bin ~{/src,/doc} ~{root,}/y
for d in {~,.}/z; do echo "$d"; done
list=({~,q}/w); echo "${list[@]}"
echo \~{a,b} "~"{/a,/b} x{~,y}
