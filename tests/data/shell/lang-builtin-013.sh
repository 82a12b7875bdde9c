hash -r; ls >/dev/null; hash | grep -c ls; hash nosuch_x 2>/dev/null; echo $?; hash -t ls | sed 's,.*/,,'; hash -r; hash
