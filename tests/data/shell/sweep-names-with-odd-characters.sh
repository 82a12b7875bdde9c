mkdir d && cd d
touch 'sp c' $'n\nl' $'t\tb' 'q"q' 'b\s' plain
ls
ls -b
ls -Q
ls -q
ls -N
ls --quoting-style=shell
ls --quoting-style=escape
ls --quoting-style=c -b
printf '%q\n' *
printf '%Q|%.3Q\n' 'a b c' 'a b c'
printf '%c%c|\n' '' x | od -c
echo $'a\0b' $'c'
