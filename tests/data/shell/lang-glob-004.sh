shopt -s globstar; mkdir -p a/b/c; touch a/1 a/b/2 a/b/c/3 r; echo **; echo **/; echo a/**; echo **/[0-9]; echo a/**/3; echo **/c; shopt -u globstar; echo **/; echo a/**/*
