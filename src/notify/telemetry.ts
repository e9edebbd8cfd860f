import type { Measure } from "./prometheus.ts"
import type { Environment } from "./secrets.ts"

/** A stage of the run, in milliseconds since 1970. */
export type Stage = { readonly name: string; readonly from: number; readonly until: number }

/** What is exported of a run: its stages as spans and its measures as gauges; codes and counts only. */
export type Telemetry = { readonly pipeline: string; readonly run: string; readonly version: string; readonly exitCode: number; readonly stages: ReadonlyArray<Stage>; readonly measures: ReadonlyArray<Measure> }

/** Whether OpenTelemetry is asked for, by its own environment variables. */
export const wantsTelemetry = (environment: Environment): boolean =>
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"].some((name) => (environment[name] ?? "") !== "") && environment["OTEL_SDK_DISABLED"] !== "true"

const nanoseconds = (milliseconds: number): bigint => BigInt(Math.round(milliseconds)) * 1_000_000n

/** The variables that OpenTelemetry names, where they are set; its own default for both signals is otlp. */
const named = (environment: Environment): Record<string, string> => ({ OTEL_TRACES_EXPORTER: "otlp", OTEL_METRICS_EXPORTER: "otlp", ...Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[0].startsWith("OTEL_") && entry[1] !== undefined && entry[1] !== "")) })

/**
 * Exports a run over OTLP/HTTP: one trace (the run, a span a stage) and its measures. Endpoint, headers, compression and protocol
 * (`http/protobuf`, or `http/json`) are those of the OTEL_* variables. Ends within `milliseconds`; a collector that does not answer is no failure of the run.
 */
export const exportTelemetry = async (telemetry: Telemetry, environment: Environment, milliseconds: number): Promise<void> => {
  const [Effect, Layer, Logger, Metric, Option, Exit, Context, ConfigProvider, FetchHttpClient, OtlpTracer, OtlpMetrics, OtlpSerialization] = await Promise.all([
    import("effect/Effect"), import("effect/Layer"), import("effect/Logger"), import("effect/Metric"), import("effect/Option"), import("effect/Exit"), import("effect/Context"), import("effect/ConfigProvider"),
    import("effect/http/FetchHttpClient"), import("effect/observability/OtlpTracer"), import("effect/observability/OtlpMetrics"), import("effect/observability/OtlpSerialization")
  ])
  const resource = { serviceName: environment["OTEL_SERVICE_NAME"] ?? "earshot", serviceVersion: telemetry.version, attributes: { "earshot.pipeline": telemetry.pipeline } }
  const spans = Effect.gen(function*() {
    const tracer = yield* Effect.tracer
    const first = telemetry.stages[0]?.from ?? 0
    const open = (name: string, parent: Parameters<typeof tracer.span>[0]["parent"], from: number): ReturnType<typeof tracer.span> =>
      tracer.span({ name, parent, annotations: Context.empty(), links: [], startTime: nanoseconds(from), kind: "internal", root: Option.isNone(parent), sampled: true })
    const root = open("earshot run", Option.none(), first)
    root.attribute("earshot.run", telemetry.run)
    root.attribute("earshot.exit_code", telemetry.exitCode)
    for (const stage of telemetry.stages) open(stage.name, Option.some(root), stage.from).end(nanoseconds(stage.until), Exit.void)
    root.end(nanoseconds(telemetry.stages.at(-1)?.until ?? first), telemetry.exitCode <= 1 ? Exit.void : Exit.fail(new Error(`exit ${telemetry.exitCode}`)))
    for (const { name, help, values } of telemetry.measures) {
      const gauge = Metric.gauge(name.replace("_", ".").replaceAll("_seconds", ""), { description: help })
      for (const { labels = {}, value } of values) yield* Metric.update(Metric.withAttributes(gauge, labels), value)
    }
  })
  const serialized = environment["OTEL_EXPORTER_OTLP_PROTOCOL"] === "http/json" ? OtlpSerialization.layerJson : OtlpSerialization.layerProtobuf
  const exporting = Layer.mergeAll(OtlpTracer.layerFromConfig({ resource }), OtlpMetrics.layerFromConfig({ resource })).pipe(
    Layer.provide(serialized), Layer.provide(FetchHttpClient.layer), Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env: named(environment) }))), Layer.provideMerge(Logger.layer([])))
  await Effect.runPromise(spans.pipe(Effect.provide(exporting), Effect.provideService(Metric.MetricRegistry, new Map()), Effect.timeout(milliseconds), Effect.exit))
}
