v=outer
inner() { unset v; echo "after inner unset: ${v-none}"; }
middle() { local v=middle; inner; echo "middle sees ${v-none}"; v=changed; }
middle; echo "outside: $v"
own() { local v=own; unset v; echo "own: ${v-none}"; v=again; echo "own: $v"; }
own; echo "outside: $v"
temp() { echo "temp: $v"; v=new; unset v; echo "temp: ${v-none}"; }
v=given temp; echo "outside: $v"
twice() { unset v; unset v; echo "twice: ${v-none}"; }
deep() { local v=deep; twice; }
deep; echo "outside: ${v-none}"
v=1; v=2 unset v; echo "[${v-none}]"
v=outer
layer() { v=two eval 'v=three eval "unset v; echo \"layer \$v\"; unset v; echo \"layer \$v\""'; }
v=one layer; echo "outside: ${v-none}"
v=outer
takes() { local v; echo "takes [${v-none}]"; v=changed; }
v=given takes; echo "outside: $v"
passes() { takes; }
v=given passes; echo "outside: $v"
both() { local v=own; inner; echo "both: ${v-none}"; }
v=given both; echo "outside: $v"
