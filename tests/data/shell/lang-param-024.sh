x="line1
line2"; echo "${x%%$'\n'*}" "${x#*$'\n'}" "${x//$'\n'/,}"
