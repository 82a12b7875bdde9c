f() {
  cat <<EOF
arg: $1
all: "$@" '$2'
\$1 \`x\` \\ \q
EOF
}
f one "two three"
