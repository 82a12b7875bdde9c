mkdir -p a/b/c; touch r.t a/1.t a/b/2.t a/b/c/3.t
echo **/*.t
shopt -s globstar
echo **/*.t; echo **; echo a/**; echo **/; echo a/**/c
