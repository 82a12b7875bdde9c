echo \$x "\$x" \\ \\\\ "\\\\" \"; echo \'; echo a\;b; echo \#x; echo x#y #z
