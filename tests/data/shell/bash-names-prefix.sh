abc1=1 abc2=2 abd=3
echo ${!abc*} "${!abc@}" "${!abc*}"
for n in "${!abc@}"; do echo "$n=${!n}"; done
IFS=,; echo "${!abc*}"
