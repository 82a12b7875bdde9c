touch .a .b Z a B 1 _ ; echo *; echo .*[ab]; shopt -s dotglob; echo * | tr ' ' '\n' | grep -c '^\.'; set -- *; echo $#; shopt -u dotglob; mkdir -p x/.h; touch x/.h/f; echo x/*; echo x/.[!.]*/f
