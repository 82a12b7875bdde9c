printf '%q\n' 'a b' "it's" '' plain 'x$y' $'a\nb' 'a;b' '~x' 'x~' '#c' 'c#' '{a,b}' 'a!b' é
printf '%q ' a 'b c'; echo
printf '%10q|\n' 'a b'
