/** A text as a literal of SQL, for what takes no parameter: names of files, ATTACH, column lists of read_json. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
