import { randomUUID } from "node:crypto"
import { chmodSync, existsSync, mkdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from "@duckdb/node-api"
import { literal } from "./literal.ts"

/** A row as plain JavaScript values; BIGINT arrives as bigint, lists and structs as JSON-like values. */
export type Row = Readonly<Record<string, unknown>>

/** Settings of the embedded store. */
export type StoreOptions = {
  /** DuckDB file, or `:memory:`. */
  readonly path: string
  /** DuckDB memory limit, for instance `2GB`. */
  readonly memory?: string
  readonly threads?: number
}

/** One sentence for the user; DuckDB's own words may quote records, so they stay in `cause`. */
export class EvidenceError extends Error {
  override readonly name = "EvidenceError"
}

/** DuckDB quotes values of records in some errors; of those that speak of the query alone the first line is safe to show. */
const speaksOfTheQuery = /^(?:Parser|Binder|Catalog|Invalid Input|Not implemented) Error/

const asEvidenceError = (cause: unknown): EvidenceError => {
  const message = cause instanceof Error ? cause.message : ""
  const kind = /^[A-Z][A-Za-z ]* Error/.exec(message)?.[0] ?? "Unknown error"
  if (/No space left on device|ENOSPC/.test(message)) return new EvidenceError("The disk of evidence.store is full; free room and run again: nothing half-written was left.", { cause })
  if (kind === "Out of Memory Error") return new EvidenceError("The evidence store needs more memory than evidence.memory allows; raise it, or free room on the disk of evidence.store.", { cause })
  if (kind === "IO Error") return new EvidenceError("The evidence store could not read or write its files; check the disk of evidence.store and run again.", { cause })
  return new EvidenceError(`The evidence store could not answer: ${speaksOfTheQuery.test(message) ? message.split("\n")[0] : kind}.`, { cause })
}

/** The store's own tables live in the attached file `stored`; what a run derives lives in memory and is seen by every connection. */
const storedName = "stored"

/**
 * `unitPart(id)` for queries that make a unit of several ids with bars between: an id that holds a bar is quoted, so that two
 * pairs are never one unit.
 */
const unitPart = `CREATE MACRO unitPart(id) AS CASE WHEN contains(id, '|') OR starts_with(id, '"') THEN to_json(id)::VARCHAR ELSE id END`

/** Files that this process holds: the lock on a file keeps other processes out, not a second opening by the same one. */
const inUse = new Set<string>()

const inUseSentence = (path: string): string => `The evidence store ${path} is in use by another run; wait for it or name another store under evidence.store.`

/**
 * The evidence store: DuckDB. Tables made without a schema's name are the run's own, in memory; `stored.<name>` outlive it.
 * Values come back as JSON-compatible values (times as DuckDB's text in UTC).
 */
export class EvidenceStore {
  readonly connection: DuckDBConnection
  readonly path: string
  readonly #instance: DuckDBInstance
  readonly #place: string
  readonly #besides: Array<EvidenceStore> = []
  readonly #variables = new Map<string, string | null>()

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, path: string, place: string) {
    this.#place = place
    this.#instance = instance
    this.connection = connection
    this.path = path
  }

  static async #connect(instance: DuckDBInstance, path: string, place: string): Promise<EvidenceStore> {
    const connection = await instance.connect()
    await connection.run(`SET TimeZone = 'UTC'; SET search_path = 'memory,${storedName}'`)
    return new EvidenceStore(instance, connection, path, place)
  }

  /** Opens (and creates, mode 0600) the store. Fails with EvidenceError if another process holds it or the file is no store. */
  static async open(options: StoreOptions): Promise<EvidenceStore> {
    const { DuckDBInstance } = await import("@duckdb/node-api")
    const memory = options.path === ":memory:"
    const place = memory ? `:memory:${randomUUID()}` : resolve(options.path)
    if (inUse.has(place)) throw new EvidenceError(inUseSentence(options.path))
    if (!memory) mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 })
    const settings: Record<string, string> = {
      threads: String(options.threads ?? 2),
      memory_limit: options.memory ?? "2GB",
      preserve_insertion_order: "false",
      // What is loaded is written as soon as a group of rows is full, beside the reading, not all at the commit.
      write_buffer_row_group_count: "1",
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false"
    }
    // A store in memory spills into a folder of its own: two processes in one folder would delete each other's files.
    settings["temp_directory"] = memory ? join(tmpdir(), `earshot-spill-${randomUUID()}`) : join(dirname(options.path), "temporary")
    try {
      const instance = await DuckDBInstance.create(":memory:", settings)
      const opening = await instance.connect()
      try {
        await opening.run(`ATTACH ${literal(options.path)} AS ${storedName}; ${unitPart}`)
      } catch (cause) {
        instance.closeSync()
        throw cause
      } finally {
        opening.closeSync()
      }
      if (!memory && existsSync(options.path)) chmodSync(options.path, 0o600)
      inUse.add(place)
      return await EvidenceStore.#connect(instance, options.path, place)
    } catch (cause) {
      const locked = cause instanceof Error && /lock/i.test(cause.message)
      throw new EvidenceError(
        locked
          ? inUseSentence(options.path)
          : `The evidence store ${options.path} can't be opened; move it away (it is made again from the sources) or name another one under evidence.store.`,
        { cause }
      )
    }
  }

  /** Another connection to the same store, for a query beside this one's; it sees the same tables and variables and closes with the store. */
  async beside(): Promise<EvidenceStore> {
    const other = await EvidenceStore.#connect(this.#instance, this.path, this.#place)
    for (const [name, value] of this.#variables) await other.variable(name, value)
    this.#besides.push(other)
    return other
  }

  /** Sets what `getvariable(name)` gives in queries, here and in connections made later. */
  async variable(name: string, value: string | null): Promise<void> {
    this.#variables.set(name, value)
    await this.run(`SET VARIABLE ${name} = ?::VARCHAR`, [value])
  }

  /** From here on no query can read or write files or change settings: custom controls run after this. */
  async seal(): Promise<void> {
    await this.run("SET GLOBAL enable_external_access = false; SET GLOBAL lock_configuration = true")
  }

  /** Stops what is running on this connection and those beside it. */
  interrupt(): void {
    for (const store of [this, ...this.#besides]) store.connection.interrupt()
  }

  /** Runs one statement, or several without parameters. @throws EvidenceError */
  async run(sql: string, parameters?: ReadonlyArray<DuckDBValue>): Promise<void> {
    try {
      await (parameters === undefined ? this.connection.run(sql) : this.connection.run(sql, [...parameters]))
    } catch (cause) {
      throw asEvidenceError(cause)
    }
  }

  /** All rows of a query, as JSON-compatible values. @throws EvidenceError */
  async all(sql: string, parameters?: ReadonlyArray<DuckDBValue>): Promise<ReadonlyArray<Row>> {
    try {
      const reader = await (parameters === undefined ? this.connection.runAndReadAll(sql) : this.connection.runAndReadAll(sql, [...parameters]))
      return reader.getRowObjectsJson()
    } catch (cause) {
      throw asEvidenceError(cause)
    }
  }

  /** Rows of a query in batches, so that a large result stays out of memory. */
  async *batches(sql: string): AsyncGenerator<ReadonlyArray<Row>> {
    try {
      const result = await this.connection.stream(sql)
      for await (const rows of result.yieldRowObjectJson()) yield rows
    } catch (cause) {
      throw cause instanceof EvidenceError ? cause : asEvidenceError(cause)
    }
  }

  /** Columns of a query in batches, in the order of the query: for large results of texts and numbers, at half the cost of rows. */
  async *columns(sql: string): AsyncGenerator<ReadonlyArray<ReadonlyArray<DuckDBValue>>> {
    try {
      for await (const chunk of await this.connection.stream(sql)) yield chunk.getColumns()
    } catch (cause) {
      throw cause instanceof EvidenceError ? cause : asEvidenceError(cause)
    }
  }

  /** Closes the store; safe to call twice. */
  close(): void {
    for (const store of [...this.#besides, this]) store.connection.closeSync()
    this.#instance.closeSync()
    inUse.delete(this.#place)
  }
}
