echo $((08)) ; echo $?; echo next
