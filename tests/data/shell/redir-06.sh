cat <<< "here $((2+2))"
