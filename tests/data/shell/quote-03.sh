echo $'t\tn\nq\'x41\x41'
