date -u -d '2023-07-20T10:00:00Z' '+%F %T %s %j %a %b %e %u %V %I %p'
echo "status $?"
