date -u -d '2024-02-28 + 2 days' '+%F %T %s %j %a %b %e %u %V %I %p'
echo "status $?"
