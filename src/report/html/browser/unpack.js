// Reads the data that the page carries: gzip, base64, in script elements that are never run.

/** @param {string} id */
export const element = (id) => {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no element ${id}`)
  return found
}

/** @param {string} text */
export const base64Bytes = (text) => {
  if (typeof Uint8Array.fromBase64 === "function") return Uint8Array.fromBase64(text)
  const signs = atob(text)
  const bytes = new Uint8Array(signs.length)
  for (let at = 0; at < signs.length; at++) bytes[at] = signs.charCodeAt(at)
  return bytes
}

/** @param {string} id @returns {Promise<Uint8Array>} */
export const unpack = async (id) => {
  const stream = new Blob([base64Bytes(element(id).textContent.trim())]).stream().pipeThrough(new DecompressionStream("gzip"))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** @param {string} id */
export const unpackText = async (id) => new TextDecoder().decode(await unpack(id))

/** Makes an element; text is always text, never markup. */
export const make = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(name, value)
  made.append(...children)
  return made
}

const deceptive = new RegExp(String.raw`[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]`, "g")

/** Makes hidden and reordering characters visible. */
export const plain = (text) => String(text).replace(deceptive, "\uFFFD")

export const number = (value) => String(value).replace(/\B(?=(?:\d{3})+(?!\d))/g, ",")

export const readable = (instant) => (instant ? `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC` : "")
