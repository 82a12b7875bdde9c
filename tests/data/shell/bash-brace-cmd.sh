echo {1..3}{,} ; echo {,,}x; echo x{,}; echo {a..c}{1..2}
printf '%s\n' {b..a}{1,2}
echo ${u:-{a,b}} "${u:-{a,b}}"
c=3; eval echo {1..$c}
echo file.{tar.{gz,bz2},zip}
