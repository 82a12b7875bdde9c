shopt -s nullglob; for f in *.none; do echo never; done; a=(*.none); echo ${#a[@]}; echo [x*]; set -- *.q; echo $#; touch z.q; set -- *.q; echo $#; shopt -u nullglob; echo *.none
