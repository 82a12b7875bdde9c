echo "a  b" 'c  d' e\ \ f
echo 'it'\''s' "say \"hi\"" $'tab\there' $'\x41\101\u00e9'
echo "\a \n \$HOME \` \\ \z"
