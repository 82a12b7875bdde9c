date -u -d '2023-07-20 1 day ago' '+%F %T %s %j %a %b %e %u %V %I %p'
echo "status $?"
