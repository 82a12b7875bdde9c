for i in 1 2 3; do
cat <<X
i=$i $((i*i)) $(echo sub $i)
X
done
while read -r l; do echo "[$l]"; done <<EOF
a
  b
c \
d
EOF
