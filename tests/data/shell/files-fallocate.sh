fallocate -l 100K a; stat -c %s a; fallocate -l 10 b; stat -c %s b; du -k a | cut -f1; fallocate b; echo $?
