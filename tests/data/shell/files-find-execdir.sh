mkdir -p a/b; touch a/b/f; find a -name f -execdir pwd \; | sed 's#.*/a#a#'; find a -name f -execdir echo {} \;
