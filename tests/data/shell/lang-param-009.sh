ab1=1 ab2=2 abc=3; echo ${!ab*} "${!ab@}"; for i in "${!ab@}"; do echo "<$i>"; done; for i in "${!ab*}"; do echo "<$i>"; done
