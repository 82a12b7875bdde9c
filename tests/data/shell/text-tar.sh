mkdir d; echo x > d/a; tar cf t.tar d; tar tf t.tar; rm -r d; tar xf t.tar; cat d/a
echo "status $?"
