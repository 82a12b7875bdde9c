echo -e "a\tb\nc\\\\d" ; echo -n x; echo; echo -E 'a\nb'; echo -ne 'q\n'; echo -- x; echo -en; echo - x; echo -z
