printf '%(%Y-%m-%d %H:%M:%S)T\n' 0
printf '%(%F)T %s\n' 86400 x
TZ=UTC printf '%(%H)T\n' 3600
