shopt -s nullglob; echo *.zip end
