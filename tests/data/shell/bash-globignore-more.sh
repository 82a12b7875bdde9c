touch a.md a.txt .hid _x.py p.toml 2024.log 'sp ace.doc' 'st*r.txt' star-1.txt
mkdir d; touch d/b.md d/b.txt
GLOBIGNORE=*.txt; echo *.* d/*.*
GLOBIGNORE=*.txt:d/*.md; echo *.* d/*.*
GLOBIGNORE=[[:alnum:]]*; echo *.*
GLOBIGNORE=[![:alnum:]]*:*[[:space:]]*; echo *.*
GLOBIGNORE=[[:digit:]_.]*; echo *.*
GLOBIGNORE='st\*r.txt'; echo *.txt
unset GLOBIGNORE
shopt -u globskipdots; echo .*
shopt -s globskipdots; echo .*
mkdir -p t/u; touch t/v.md t/u/w.md
shopt -s globstar
echo **/*.md
echo **/**/*.md
