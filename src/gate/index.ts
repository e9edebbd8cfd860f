/** The retention decision: what the run writes for every recording, and the gate that a retention job asks. */
export { decide, type GateObject } from "./decide.ts"
export { gate, type Gate, type GateAnswer, type GateRequest } from "./gate.ts"
export { GateError } from "./GateError.ts"
export { gateLogFile, gateLogHead, type GateLogHead, verifyGateLog } from "./log.ts"
export { readNdjson } from "./ndjson.ts"
export { readInventory, readObjects } from "./objects.ts"
export { type Decision, type RetentionLine } from "./retention-line.ts"
export { preservedFindings, type Preserved, retentionFacts, retentionLines } from "./retention-lines.ts"
