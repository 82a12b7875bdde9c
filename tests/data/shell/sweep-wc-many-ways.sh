# compare: stderr
printf 'a b\nc\n' > f; wc f; wc -l f; wc -w f; wc -c f; wc -m f; wc -L f; wc -lw f; wc < f; wc -l < f; wc f f; wc -l f nofile; echo $?; echo -n abc | wc -l; echo héllo | wc -m; echo héllo | wc -c; wc -l f - < f; cat f | wc; wc /dev/null; wc -x; echo $?; wc --total=only f f; wc -cl f; wc .; echo $?
