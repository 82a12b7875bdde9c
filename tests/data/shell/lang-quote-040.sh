IFS=x; echo $(echo axbxc); y=axbxc; echo $y; echo "$y"; echo ${y}
