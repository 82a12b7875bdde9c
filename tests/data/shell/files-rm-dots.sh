mkdir d; cd d; rm -r .; rm -r ..; rm -rf . ; rm -r ./; cd ..; rm -rf /; echo $?; touch -- -x; rm -- -x; rm -r d/.; ls
# compare: stderr
