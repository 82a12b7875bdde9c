cat <<-EOF
	one
		two
	  three
	EOF
if true; then
	cat <<-'END'
	$x `echo` \n
	END
fi
