/** Who a CloudTrail event says acted. */
import { type Json, jsonAt, textAt } from "../document.ts"

/** The actor of an access. */
export type Actor = { readonly id: string; readonly type: "user" | "service" | "anonymous"; readonly onBehalfOf?: string }

const personOf = (identity: Json): string | undefined => {
  const issuer = jsonAt(jsonAt(identity, "sessionContext"), "sessionIssuer")
  const arn = textAt(identity, "arn")
  if (arn !== undefined) return arn
  // A session without an ARN of its own: the issuer's ARN and the session's name.
  const session = textAt(identity, "principalId")?.split(":")[1]
  const issuerArn = textAt(issuer, "arn")
  if (issuerArn !== undefined) return session === undefined ? issuerArn : `${issuerArn}/${session}`
  return textAt(identity, "userName") ?? textAt(jsonAt(identity, "onBehalfOf"), "userId") ?? textAt(identity, "principalId") ?? textAt(identity, "credentialId") ?? textAt(identity, "accountId")
}

/**
 * The actor of an event. People and roles are their ARN, so that the roster's aliases resolve it;
 * AWS services are their host name and never people, and act for the person who used them where the
 * event names one. Undefined where the event names nobody.
 */
export const actorOf = (event: Json): Actor | undefined => {
  const identity = jsonAt(event, "userIdentity")
  if (identity === undefined) return undefined
  const type = textAt(identity, "type")
  if (textAt(identity, "accountId") === "ANONYMOUS_PRINCIPAL" || textAt(identity, "principalId") === "ANONYMOUS_PRINCIPAL" || type === "Anonymous") return { id: "anonymous", type: "anonymous" }
  const invokedBy = textAt(identity, "invokedBy")
  const person = personOf(identity)
  if (type === "AWSService") return { id: invokedBy ?? textAt(event, "sourceIPAddress") ?? person ?? "aws", type: "service" }
  if (invokedBy !== undefined && /\.amazonaws\.com(\.cn)?$/.test(invokedBy)) return person === undefined ? { id: invokedBy, type: "service" } : { id: invokedBy, type: "service", onBehalfOf: person }
  return person === undefined ? undefined : { id: person, type: "user" }
}
