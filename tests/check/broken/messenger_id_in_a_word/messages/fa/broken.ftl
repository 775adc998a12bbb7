broken = شناسه{ ID($bill) }
