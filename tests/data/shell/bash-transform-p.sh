PS='a\nb\\c'; echo "${PS@P}"
y='$((1+1))'; echo "${y@P}"
