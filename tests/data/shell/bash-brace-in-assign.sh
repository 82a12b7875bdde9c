x={a,b}; echo $x
a=({1..5} {x,y}); echo ${#a[@]} ${a[@]}
for i in f{1,2}.{txt,md}; do echo -n "$i "; done; echo
touch {a,b}{1,2}.t; ls
mkdir -p d/{x,y}/z; find d | sort
set +B; echo {a,b}; set -B; echo {a,b}
