[[ "foo123bar" =~ ([a-z]+)([0-9]+)(.*) ]]; echo $? "${BASH_REMATCH[@]}" ${#BASH_REMATCH[@]}
re='^([^=]+)=(.*)$'; [[ "key=val=ue" =~ $re ]] && echo "${BASH_REMATCH[1]}|${BASH_REMATCH[2]}"
[[ abc =~ x ]]; echo $? ${#BASH_REMATCH[@]}
[[ a.c =~ a\.c ]] && echo esc; [[ abc =~ "a.c" ]] || echo quoted
[[ "a b" =~ a\ b ]] && echo sp
[[ abc =~ ^(x)?abc$ ]]; echo "[${BASH_REMATCH[1]}]"
[[ 2024-01-15 =~ ^([0-9]{4})-([0-9]{2})-([0-9]{2})$ ]]; echo ${BASH_REMATCH[@]:1}
