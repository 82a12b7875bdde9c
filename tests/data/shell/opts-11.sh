export V=1; bash -c "echo \$V"
