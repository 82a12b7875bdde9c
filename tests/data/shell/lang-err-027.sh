echo $((2 ** -1)); echo after; 
echo next $?
