broken = Bill { ID($bill) }
