echo a; echo b & wait; echo c && echo d || echo e; (echo f); { echo g; }; ! false && echo h
echo i |
  cat
true &&
  echo j
false ||
  echo k
if true; then echo l; fi && echo m; while false; do :; done || echo n; echo $?
