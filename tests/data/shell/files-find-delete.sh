mkdir -p t/x/y; touch t/a.tmp t/x/b.tmp t/keep; find t -name '*.tmp' -delete; find t | sort; find t -type d -empty -delete; find t | sort; find t -delete; ls
