module reset-labs

go 1.19
