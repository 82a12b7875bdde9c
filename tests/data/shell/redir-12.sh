echo x &> f; cat f
