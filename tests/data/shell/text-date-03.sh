date -u -d '2023-01-31 +1 month' '+%F %T %s %j %a %b %e %u %V %I %p'
echo "status $?"
