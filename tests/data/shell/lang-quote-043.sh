x=$'a\nb'; echo "${x@Q}" "${x@E}"; y="it's"; echo "${y@Q}"; z=; echo "${z@Q}"; unset u; echo "[${u@Q}]"
