import { randomUUID } from "node:crypto"
import { chmodSync, existsSync, mkdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from "@duckdb/node-api"

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
  if (kind === "Out of Memory Error") return new EvidenceError("The evidence store needs more memory than evidence.memory allows; raise it, or free room on the disk of evidence.store.", { cause })
  if (kind === "IO Error") return new EvidenceError("The evidence store could not read or write its files; check the disk of evidence.store and run again.", { cause })
  return new EvidenceError(`The evidence store could not answer: ${speaksOfTheQuery.test(message) ? message.split("\n")[0] : kind}.`, { cause })
}

/**
 * The evidence store: DuckDB, one connection that owns the temp tables of a run.
 * Values come back as JSON-compatible values (times as DuckDB's text in UTC).
 */
export class EvidenceStore {
  readonly connection: DuckDBConnection
  readonly path: string
  readonly #instance: DuckDBInstance

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, path: string) {
    this.#instance = instance
    this.connection = connection
    this.path = path
  }

  /** Opens (and creates, mode 0600) the store. Fails with EvidenceError if another process holds it or the file is no store. */
  static async open(options: StoreOptions): Promise<EvidenceStore> {
    const { DuckDBInstance } = await import("@duckdb/node-api")
    const memory = options.path === ":memory:"
    if (!memory) mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 })
    const settings: Record<string, string> = {
      threads: String(options.threads ?? 2),
      memory_limit: options.memory ?? "2GB",
      preserve_insertion_order: "false",
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false"
    }
    // A store in memory spills into a folder of its own: two processes in one folder would delete each other's files.
    settings["temp_directory"] = memory ? join(tmpdir(), `earshot-spill-${randomUUID()}`) : join(dirname(options.path), "temporary")
    try {
      const instance = await DuckDBInstance.create(options.path, settings)
      const connection = await instance.connect()
      if (!memory && existsSync(options.path)) chmodSync(options.path, 0o600)
      await connection.run("SET TimeZone = 'UTC'")
      return new EvidenceStore(instance, connection, options.path)
    } catch (cause) {
      const locked = cause instanceof Error && /lock/i.test(cause.message)
      throw new EvidenceError(
        locked
          ? `The evidence store ${options.path} is in use by another run; wait for it or name another store under evidence.store.`
          : `The evidence store ${options.path} can't be opened; move it away (it is made again from the sources) or name another one under evidence.store.`,
        { cause }
      )
    }
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

  /** Closes the store; safe to call twice. */
  close(): void {
    this.connection.closeSync()
    this.#instance.closeSync()
  }
}
