x=one; r=x; echo ${!r}; one=two; echo ${!x}; a=(1 2 3); r='a[1]'; echo ${!r}; r='a[@]'; echo ${!r}; echo "${!r}"
