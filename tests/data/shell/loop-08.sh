for f in *.none; do echo $f; done
