mkdir a; mkdir a; echo $?; mkdir x/y; echo $?; mkdir -p x/y x/y; echo $?; mkdir -v z; mkdir -pv p/q/r; mkdir -m 700 m; stat -c %a m; touch f; mkdir f; mkdir -p f; mkdir -p f/g; mkdir; mkdir -m u=rwx,go= n; stat -c %a n; umask 027; mkdir u; stat -c %a u; mkdir -p u1/u2; stat -c %a u1 u1/u2
# compare: stderr
