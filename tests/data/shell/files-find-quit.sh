touch a b c; find . -type f -name '[abc]' -quit; find . -type f -print -quit | wc -l; find . -maxdepth 0; find . -depth -type d; mkdir -p p/q; find p -depth
