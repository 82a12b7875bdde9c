echo $(echo $(echo $(echo deep)))
echo `echo \`echo \\\`echo bq\\\`\``
echo "$(echo "a  b" | sed "s/a/$(echo x)/")"
echo $(echo a; # comment ) here
echo b)
x=$(cat <<E
in here ) doc
E
); echo "$x"
echo $(case x in x) echo casep;; esac)
