printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{OFS="-"; $0="a b c"; $1=$1; print; $7="z"; print; NF=2; print; print NF}'
echo "status $?"
