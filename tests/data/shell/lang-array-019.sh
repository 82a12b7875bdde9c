declare -A cfg; while IFS='=' read -r k v; do [[ $k ]] && cfg[$k]=$v; done <<E
host=localhost
port=8080
url=http://x/?a=b
E
echo ${cfg[host]} ${cfg[port]} ${cfg[url]} ${#cfg[@]}
