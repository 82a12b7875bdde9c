date -u -d '20 Jul 2023 10:00' '+%F %T %s %j %a %b %e %u %V %I %p'
echo "status $?"
