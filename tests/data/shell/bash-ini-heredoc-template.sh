render() { local name=$1 env=$2; cat <<E
[$name]
env=${env^^}
path=${3:-/opt/$name}
$(for i in 1 2; do echo "node$i=$name-$i"; done)
E
}
render web prod; render db dev /data
