cat <<"E O F"
$x
E O F
cat <<-EOT
	tab
		two
	EOT
cat <<-\X
	$no
	X
