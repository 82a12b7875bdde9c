for x; do echo $x; done
