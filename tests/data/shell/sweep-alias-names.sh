# compare: stderr
alias foo='echo'; foo x 2>/dev/null; echo $?; shopt -s expand_aliases; alias foo='echo aliased'
foo x; \foo y 2>/dev/null || echo noalias; alias g='foo g'; alias
g 1; unalias foo; type g; alias bad-name='x' 2>&1; alias 'a b'=c; echo $?
