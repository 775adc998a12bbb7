broken = Debt
