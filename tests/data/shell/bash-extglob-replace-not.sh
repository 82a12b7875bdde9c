shopt -s extglob
x=abcabc
echo "${x//!(b)/-}" "${x/!(b)/-}" "${x#!(b)}" "${x##!(b)}" "${x%!(b)}" "${x%%!(b)}" "${x//!(a|b)/-}" "${x/#!(a)/-}" "${x/%!(c)/-}"
y=; echo "${y/!(b)/-}" "${y//!(b)/-}"
z=b; echo "${z/!(b)/-}" "${z//!(b)/-}"
w=foo.bar.baz; echo "${w//!(*.bar*)/X}" "${w/!(foo)/X}"
