module example.test/resetmail

go 1.21
