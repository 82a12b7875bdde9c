V=2 bash -c "echo \$V"; echo [$V]
