bash -c "exit 5"; echo $?; bash -c "echo \$0 \$1" n a
