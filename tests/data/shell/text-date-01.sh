date -u -d '2023-07-20 12:34:56' '+%F %T %s %j %a %b %e %u %V %I %p'
echo "status $?"
