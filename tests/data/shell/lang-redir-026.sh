exec 3>&1; x=$(echo captured; echo direct >&3); echo "[$x]"; exec 3>&-; { x=$(echo e >&2); } 2>&1; (echo t >&3) 2>/dev/null || echo closed
