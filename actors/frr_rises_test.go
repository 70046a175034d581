package actors_test

// rises is when sessions came up, in ms, by recording and step, where that matters:
// recorded are only the first and the last time. These are times between them that
// make what is recorded.
var rises = map[string]map[string]float64{
	"A3_aa_ibgp nvaa_vm_restore": {"op-nvaa": 233.7, "rs1-nvaa": 873.1, "rs2-nvaa": 1139},
	"A3_aa_ibgp nvaa_start2":     {"op-nvaa": 1129, "rs1-nvaa": 1129, "rs2-nvaa": 1130.3},
	"A3_aa_ibgp nvaa_thaw":       {"op-nvaa": 1014.6, "rs1-nvaa": 1014.6, "rs2-nvaa": 1017.1},
	"A5_aa_bfd nvaa_vm_restore":  {"op-nvaa": 576.3, "rs1-nvaa": 669.1, "rs2-nvaa": 835.5},
	"A5_aa_bfd nvaa_start":       {"op-nvaa": 643.3, "rs1-nvaa": 2184.8, "rs2-nvaa": 229.9},
	"A5_aa_bfd nvaa_thaw":        {"op-nvaa": 55.5, "rs1-nvaa": 296.3, "rs2-nvaa": 296.3},
	"A9_ap_rid nvaa_vm_restore":  {"op-nvaa": 1163.3, "rs1-nvaa": 1163.3, "rs2-nvaa": 304.1},
	"F05 start":                  {"r1-r2": 1127.1, "r1-r3": 1335, "r2-r3": 1718.2, "r2-r4": 1758.8, "r2-r6": 1451.9, "r3-r7": 2055.3, "r4-r5": 1740.7, "r4-r7": 1559.1, "r5-r6": 1966.8, "r5-r7": 1943.2, "r7-r8": 1720.4},
	"F07 start":                  {"r1-r2": 1152.4, "r1-r3": 1249.6, "r1-r4": 1264.3, "r1-r5": 1153, "r2-r3": 1200.4, "r2-r4": 1576, "r3-r4": 1643.5, "r3-r5": 1291.4, "r4-r5": 1347.3},
	"F11 start":                  {"r1-r2": 1842.1, "r1-r3": 1842.1, "r1-r5": 1842.1, "r2-r4": 1842.1, "r2-r5": 1842.1, "r3-r4": 1112.3, "r3-r7": 1842.1, "r4-r5": 1842.1, "r6-r7": 1112.3},
}
