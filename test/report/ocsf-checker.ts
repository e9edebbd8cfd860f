import { readFileSync } from "node:fs"

type Attribute = { readonly type?: string; readonly is_array?: boolean; readonly requirement?: string; readonly enum?: ReadonlyArray<string>; readonly profile?: unknown }
type Definition = { readonly attributes: Readonly<Record<string, Attribute>>; readonly constraints?: { readonly at_least_one?: ReadonlyArray<string> } | null }
type Definitions = { readonly classes: Readonly<Record<string, Definition>>; readonly objects: Readonly<Record<string, Definition>>; readonly types: Readonly<Record<string, { readonly regex?: string; readonly type?: string }>> }

const definitions = JSON.parse(readFileSync(new URL("schemas/ocsf/finding-classes.json", import.meta.url), "utf8")) as Definitions
const classes: Readonly<Record<number, string>> = { 2003: "compliance_finding", 2004: "detection_finding" }

const baseType = (type: string): string => definitions.types[type]?.type ?? type

const scalarMistake = (value: unknown, type: string, where: string): ReadonlyArray<string> => {
  const base = baseType(type)
  const right = base === "json_t" || base === "object" ? true : base === "boolean_t" ? typeof value === "boolean" : base === "integer_t" || base === "long_t" || base === "timestamp_t" ? Number.isSafeInteger(value) : base === "float_t" ? typeof value === "number" : typeof value === "string"
  const pattern = definitions.types[type]?.regex
  return !right ? [`${where} is no ${type}`] : pattern !== undefined && !new RegExp(pattern).test(String(value)) ? [`${where} does not match ${type}`] : []
}

const valueMistakes = (value: unknown, attribute: Attribute, where: string): ReadonlyArray<string> => {
  const type = attribute.type ?? ""
  const object = definitions.objects[type]
  if (object !== undefined) return mistakesOf(value as Record<string, unknown>, object, where)
  if (!type.endsWith("_t") && type !== "object") return [`${where} has the type ${type}, which the checker does not know`]
  const named = attribute.enum === undefined || attribute.enum.includes(String(value)) || value === 0 || value === 99
  return [...scalarMistake(value, type, where), ...(named || typeof value !== "number" ? [] : [`${where} is none of its values`])]
}

const mistakesOf = (value: Readonly<Record<string, unknown>>, { attributes, constraints }: Definition, where: string): ReadonlyArray<string> => [
  ...Object.entries(attributes).filter(([name, one]) => one.requirement === "required" && one.profile === undefined && value[name] === undefined).map(([name]) => `${where}.${name} is required`),
  ...(constraints?.at_least_one === undefined || constraints.at_least_one.some((name) => value[name] !== undefined) ? [] : [`${where} needs one of ${constraints.at_least_one.join(", ")}`]),
  ...Object.entries(value).flatMap(([name, one]) => {
    const attribute = attributes[name]
    if (attribute === undefined) return [`${where}.${name} is not defined`]
    if (attribute.is_array !== true) return valueMistakes(one, attribute, `${where}.${name}`)
    return Array.isArray(one) ? one.flatMap((item: unknown, index) => valueMistakes(item, attribute, `${where}.${name}[${index}]`)) : [`${where}.${name} is no list`]
  })
]

/** What an event breaks of its class's definition: required and unknown attributes, types, enumerations, constraints, ids that contradict one another. */
export const ocsfMistakes = (event: Readonly<Record<string, unknown>>): ReadonlyArray<string> => {
  const name = classes[Number(event["class_uid"])]
  const definition = name === undefined ? undefined : definitions.classes[name]
  if (definition === undefined) return [`no class ${String(event["class_uid"])}`]
  const consistent = event["type_uid"] === Number(event["class_uid"]) * 100 + Number(event["activity_id"]) && event["category_uid"] === Math.floor(Number(event["class_uid"]) / 1000)
  return [...(consistent ? [] : ["type_uid or category_uid contradicts class_uid"]), ...mistakesOf(event, definition, name ?? "")]
}
