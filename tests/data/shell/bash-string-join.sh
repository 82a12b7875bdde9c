join() { local IFS=$1; shift; echo "$*"; }
join , a b c; join '' x y; join '|' 'a b' c; IFS=- ; echo "$*"; x=(1 2 3); echo "${x[*]}"; printf -v j '%s,' "${x[@]}"; echo ${j%,}
