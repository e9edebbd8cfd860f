/** What keeps the gate from answering at all: its inputs (`usage`) or its log (`log`). No answer was given then. */
export class GateError extends Error {
  readonly _tag = "GateError"
  readonly reason: "usage" | "log"

  constructor(reason: "usage" | "log", sentence: string) {
    super(sentence)
    this.name = "GateError"
    this.reason = reason
  }
}
