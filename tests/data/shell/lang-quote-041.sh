printf '%q ' 'a b' "it's" '$x' '' 'a;b' 'é' $'\n' '*' '~' 'x=y' '{a}' '#c' 'a#' '!'; echo
