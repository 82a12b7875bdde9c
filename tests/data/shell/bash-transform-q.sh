x="it's a \"test\" \$x"
echo "${x@Q}"
y=plain; echo ${y@Q}
z=; echo ${z@Q}
n=$'a\nb'; echo "${n@Q}"
a=(one "two three"); echo "${a[@]@Q}"
set -- a "b c"; echo "${@@Q}" "${*@Q}"
unset u; echo "[${u@Q}]"
