x=abc; echo "${x@Q}" "${x@U}"
