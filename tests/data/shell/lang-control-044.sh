set -f; echo *; set +f; touch q; echo *; set -o noglob; echo ?; set +o noglob; set -n; echo never; set +n
