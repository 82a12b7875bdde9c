# compare: stderr
x=$(
  nosuch1
  nosuch2
)
echo $(nosuch3
)
echo "$(nosuch5)"
f() {
  local z=$(
    nosuch8
  )
}
f
if x=$(nosuch9); then :; fi
for i in $(nosuch10
nosuch11); do :; done
