broken = بدهی { RIAL($amont) }
