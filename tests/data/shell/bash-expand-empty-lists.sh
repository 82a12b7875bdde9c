none=() one=("") two=("" "")
echo "[${none[@]:-d}] [${one[@]:-d}] [${two[@]:-d}] [${two[*]:-d}]"
echo "[${none[@]:+s}] [${one[@]:+s}] [${two[@]:+s}]"
set -- "" ""; echo "[${@:-d}] [${*:-d}] [${@:+s}]"
set -- ""; echo "[${@:-d}] [${@-d}]"
set -- "" ""; IFS=; echo "[${*:-d}] [${*:+s}]" [${*:-d}]
