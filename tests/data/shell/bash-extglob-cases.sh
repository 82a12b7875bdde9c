shopt -s extglob
for w in foo foobar bar '' 123 a1 ff; do case $w in '') echo empty;; +([0-9])) echo num;; foo?(bar)) echo foo;; @(bar|baz)) echo bar;; !(f*)) echo notf;; *(f)) echo fs;; esac; done
