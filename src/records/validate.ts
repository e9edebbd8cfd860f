/** The border's validation: one compiled validator a kind; only what fails is looked at again for all errors. */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import { hasOffset, isInstant, isUnusualInstant } from "./instant.ts"
import { isRecordKind, type RecordKind, recordKinds, recordSchemas } from "./kinds.ts"
import { nearest } from "./nearest.ts"
import { sentenceOf } from "./sentences.ts"
import type { CanonicalRecord } from "./types.ts"

/** Why a record does not fit. Quotes no value; `pointer` is a JSON pointer inside the record. */
export type Rejection = {
  readonly pointer: string
  readonly sentence: string
  /** The nearest known field, kind or enumerated value. */
  readonly nearest?: string
}

/** Either a record of its kind or why it is none. */
export type Validated = { readonly record: CanonicalRecord } | { readonly rejection: Rejection }

let unusualInstant = false
let offsetInstant = false

const makeAjv = (allErrors: boolean): Ajv2020 => {
  // `unicode: false`: lengths are only compared with 1, where code units serve as well and faster. The schemas are valid (a test
  // says so) and V8 optimizes what runs often: to check and to polish them at each start took half of the compiling.
  const ajv = new Ajv2020({ allErrors, strict: true, strictTypes: false, strictRequired: false, unicode: false, logger: false, verbose: false, validateSchema: false, meta: false, code: { optimize: false } })
  ajv.addFormat("date-time", {
    type: "string",
    validate: (text: string) => {
      if (!isInstant(text)) return false
      if (isUnusualInstant(text)) unusualInstant = true
      if (hasOffset(text)) offsetInstant = true
      return true
    }
  })
  ajv.addKeyword("x-names")
  ajv.addKeyword("x-stored")
  return ajv
}

/** The validators of all kinds, each compiled when it is first asked for: few records come as far as this. */
const validatorsOf = (allErrors: boolean): ((kind: RecordKind) => ValidateFunction) => {
  let ajv: Ajv2020 | undefined
  const compiled: Partial<Record<RecordKind, ValidateFunction>> = {}
  return (kind) => compiled[kind] ??= (ajv ??= makeAjv(allErrors)).compile(recordSchemas[kind] as object)
}

const quick = validatorsOf(false)
const thorough = validatorsOf(true)

const namesOfKinds = recordKinds.join(", ")

const jsonType = (value: unknown): string => value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`

const withoutKind = (value: unknown): Rejection => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { pointer: "", sentence: `A record must be a JSON object; this is ${jsonType(value)}.` }
  }
  const kind: unknown = Object.hasOwn(value, "kind") ? (value as { kind: unknown }).kind : undefined
  if (kind === undefined) return { pointer: "", sentence: `Field "kind" is missing; it says which record this is: ${namesOfKinds}.` }
  const near = typeof kind === "string" ? nearest(kind, recordKinds) : undefined
  const hint = near === undefined ? "" : `; the nearest is "${near}"`
  return { pointer: "/kind", sentence: `"kind" is not one of ${namesOfKinds}${hint}.`, ...(near === undefined ? {} : { nearest: near }) }
}

/** A record of more values is only told its first problem: each problem of a hostile one would cost memory. */
const valuesMax = 10_000

const isLarge = (value: object): boolean => {
  let count = 0
  const pending: Array<object> = [value]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const item of Object.values(next) as ReadonlyArray<unknown>) {
      if (++count > valuesMax) return true
      if (typeof item === "object" && item !== null) pending.push(item)
    }
  }
  return false
}

const rejectionOf = (kind: RecordKind, value: object): Rejection => {
  const validate = (isLarge(value) ? quick : thorough)(kind)
  validate(value)
  return sentenceOf(kind, value, validate.errors ?? [])
}

/** Does the value fit the schema of its kind? Allocates nothing for a record that does. */
export const fits = (value: unknown): value is CanonicalRecord => {
  if (typeof value !== "object" || value === null) return false
  const kind = (value as { kind?: unknown }).kind
  unusualInstant = false
  offsetInstant = false
  return isRecordKind(kind) && quick(kind)(value)
}

/** Had the value last given to `fits` a time that the store cannot read as it is written? */
export const hadUnusualInstant = (): boolean => unusualInstant

/** Had the value last given to `fits` a time with an offset from UTC that is not `Z`? */
export const hadOffset = (): boolean => offsetInstant

/** Why the value is no record; call it only for values that do not fit. */
export const whyNot = (value: unknown): Rejection => {
  const kind = typeof value === "object" && value !== null && Object.hasOwn(value, "kind") ? (value as { kind?: unknown }).kind : undefined
  return isRecordKind(kind) && typeof value === "object" && value !== null && !Array.isArray(value) ? rejectionOf(kind, value) : withoutKind(value)
}

/** A record of its kind, or the first thing that is wrong with it and how much else is. */
export const validateRecord = (value: unknown): Validated => fits(value) ? { record: value } : { rejection: whyNot(value) }
