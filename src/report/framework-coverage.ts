import type { Framework, Population, Summary } from "./summary.ts"
import { count, number } from "./words.ts"

/** One requirement with what this run judged of it. */
export type Covered = Framework["requirements"][number] & { readonly judged: number; readonly failed: number; readonly open: number; readonly missing: ReadonlyArray<string> }

const isJudged = (control: Population | undefined): control is Population => control !== undefined && control.outOfScope === undefined && control.pass + control.fail > 0

/** What this run judged of a framework's requirements; `missing` are controls that did not run, were out of scope or had nothing to judge. */
export const coverageOf = ({ requirements }: Framework, summary: Summary): ReadonlyArray<Covered> => {
  const controls = new Map(summary.controls.map((control) => [control.control, control]))
  return requirements.map((requirement) => {
    const run = requirement.controls.flatMap((id) => { const control = controls.get(id); return isJudged(control) ? [control] : [] })
    const sum = (key: "pass" | "fail" | "unverifiable", of = run): number => of.reduce((total, control) => total + control[key], 0)
    // A lead says where to look; it is no failure of a requirement.
    return { ...requirement, judged: sum("pass") + sum("fail"), failed: sum("fail", run.filter(({ kind }) => kind === "finding")), open: sum("unverifiable"), missing: requirement.controls.filter((id) => !isJudged(controls.get(id))) }
  })
}

/** The honest sentence about a framework: how much was tested, how much failed, and that this proves no compliance. */
export const coverageSentence = (framework: Framework, covered: ReadonlyArray<Covered>): string => {
  const tested = covered.filter(({ judged }) => judged > 0)
  const failed = tested.filter((requirement) => requirement.failed > 0)
  const untested = covered.filter(({ judged }) => judged === 0).map(({ ref }) => ref)
  return `Of the ${count(framework.requirements.length, "requirement")} listed here, ${number(tested.length)} ${tested.length === 1 ? "was" : "were"} tested in this run and ${number(failed.length)} ${failed.length === 1 ? "has" : "have"} failures.${untested.length === 0 ? "" : ` Nothing was judged of: ${untested.join("; ")}.`} Records alone prove no compliance: what they cannot show stands beside each requirement. Last compared with its sources on ${framework.reviewed}.`
}

/** `3 of 1,200 failed`, `passed`, `not judged`. */
export const resultOf = ({ judged, failed, open }: Covered): string =>
  judged === 0 ? "not judged" : `${number(failed)} of ${number(judged)} failed${open === 0 ? "" : `, ${number(open)} not verified`}`
