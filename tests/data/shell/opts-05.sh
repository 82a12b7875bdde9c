trap "echo int" USR1; kill -USR1 $$; echo after
