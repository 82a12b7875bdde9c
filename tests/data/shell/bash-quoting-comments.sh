echo a # comment
echo 'b # not' # yes
echo c#d
# whole line
echo e \# f; echo "#"
: <<'X'
ignored $(echo no)
X
echo g;# tight
if true; then # c
  echo h # c2
fi # c3
x=(1 # one
2 # two
)
echo ${#x[@]}
