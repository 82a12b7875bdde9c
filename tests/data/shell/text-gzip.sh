echo hello > f; gzip f; ls; zcat f.gz; gunzip f.gz; cat f
echo "status $?"
